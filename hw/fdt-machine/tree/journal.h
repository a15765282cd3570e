/*
 * The journal: a tree that can be changed, and what was changed in it
 *
 * A journal owns a copy of a tree.  That copy is changed through the functions
 * below and in no other way; each takes the rule that asks for the change,
 * makes the change and records it.  So the records are, at any time, the
 * difference between the tree that was copied and the tree that there is now:
 *
 * - a property that gets the value that it has is not changed, and has no
 *   record; neither has one that got its first value back;
 * - a property that is changed twice has one record, that of the last change;
 * - the properties and children of a node that was added belong to the record
 *   of that node, and so do those of a node that was removed.
 *
 * Functions that return a record return NULL where none was made.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_TREE_JOURNAL_H
#define HW_FDT_MACHINE_TREE_JOURNAL_H

#include "tree.h"

typedef struct FdtJournal FdtJournal;
typedef struct FdtEdit FdtEdit;

/* fdt_journal_new: of a copy of @tree, without records */
FdtJournal *fdt_journal_new(const FdtTree *tree);
void fdt_journal_free(FdtJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdtJournal, fdt_journal_free)

/* fdt_journal_tree: the tree as it is now; the journal's */
FdtTree *fdt_journal_tree(const FdtJournal *journal);

/**
 * fdt_journal_branch: go on with a copy of the tree
 *
 * The records stay.  Returns the tree as it was until now, which is the
 * caller's; the nodes that the other functions take are those of the copy from
 * here on.
 */
FdtTree *fdt_journal_branch(FdtJournal *journal);

/*
 * Changes of a property.  The values are those of edit.h; each record says
 * "set to" and the value, in so far as it is a string or one cell.
 */

FdtEdit *fdt_journal_set(FdtJournal *journal, const char *rule, FdtNode *node,
                         const char *name, const void *data, uint32_t len);
FdtEdit *fdt_journal_set_empty(FdtJournal *journal, const char *rule,
                               FdtNode *node, const char *name);
FdtEdit *fdt_journal_set_u32(FdtJournal *journal, const char *rule,
                             FdtNode *node, const char *name, uint32_t value);
FdtEdit *fdt_journal_set_cells(FdtJournal *journal, const char *rule,
                               FdtNode *node, const char *name,
                               const uint32_t *cells, unsigned num_cells);
FdtEdit *fdt_journal_set_string(FdtJournal *journal, const char *rule,
                                FdtNode *node, const char *name,
                                const char *value);
/* fdt_journal_remove_prop: NULL as well if the node does not have it */
FdtEdit *fdt_journal_remove_prop(FdtJournal *journal, const char *rule,
                                 FdtNode *node, const char *name);

/*
 * fdt_journal_phandle: the node's phandle (2.3.3), a new one if it had none,
 * which is a change of its property
 */
uint32_t fdt_journal_phandle(FdtJournal *journal, const char *rule,
                             FdtNode *node);

/* Changes of nodes */

/*
 * fdt_journal_add_node: a child after the others.  If the node has a child of
 * that name already, which the tree keeps for something else or has disabled,
 * the new one is called "BASE-N@UNIT", with the first number that is free
 */
FdtNode *fdt_journal_add_node(FdtJournal *journal, const char *rule,
                              FdtNode *parent, const char *name);
/* fdt_journal_remove_node: with all below it; frees them.  The root stays */
FdtEdit *fdt_journal_remove_node(FdtJournal *journal, const char *rule,
                                 FdtNode *node);

/* fdt_edit_explain: say it in other words; @edit may be NULL */
void fdt_edit_explain(FdtEdit *edit, const char *fmt, ...)
                      G_GNUC_PRINTF(2, 3);

/*
 * Reading the records, in the order of the changes
 */

unsigned fdt_journal_num_edits(const FdtJournal *journal);
const FdtEdit *fdt_journal_edit(const FdtJournal *journal, unsigned i);

/* fdt_edit_rule: the name that was given; fdt_edit_path: path of the node */
const char *fdt_edit_rule(const FdtEdit *edit);
const char *fdt_edit_path(const FdtEdit *edit);
/* fdt_edit_property: NULL if the node itself was added or removed */
const char *fdt_edit_property(const FdtEdit *edit);
/* fdt_edit_text: the change in words */
const char *fdt_edit_text(const FdtEdit *edit);

#endif /* HW_FDT_MACHINE_TREE_JOURNAL_H */
