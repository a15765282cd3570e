/*
 * Findings: what is wrong with a tree, and can be done without
 *
 * Linux loses a device, or an interrupt, to such a fault and goes on.  So does
 * whoever builds a machine: the fault is put on a list, and what it concerns is
 * left out.  Where nothing can be left out, there is an error instead.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_TREE_FINDING_H
#define HW_FDT_MACHINE_TREE_FINDING_H

#include "tree.h"

typedef struct FdtFinding {
    char *path;                 /* of the node */
    char *property;             /* NULL: it is about the node as such */
    char *text;                 /* what is wrong with it */
} FdtFinding;

/* fdt_finding_new: copies the strings; @property may be NULL */
FdtFinding *fdt_finding_new(const FdtNode *node, const char *property,
                            const char *text);
void fdt_finding_free(FdtFinding *finding);

FdtFindings *fdt_findings_new(void);
void fdt_findings_free(FdtFindings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FdtFindings, fdt_findings_free)

unsigned fdt_findings_num(const FdtFindings *findings);
/* fdt_findings_get: the @i-th, in the order in which they were added */
const FdtFinding *fdt_findings_get(const FdtFindings *findings, unsigned i);
/* fdt_findings_text: "PATH: PROPERTY: TEXT"; the caller frees */
char *fdt_findings_text(const FdtFindings *findings, unsigned i);

/*
 * fdt_finding_add: one more; nothing happens if it is on the list already, or
 * if @findings is NULL.  @property may be NULL
 */
void fdt_finding_add(FdtFindings *findings, const FdtNode *node,
                     const char *property, const char *fmt, ...)
    G_GNUC_PRINTF(4, 5);

/*
 * fdt_finding_take: @err becomes a finding, about the node and the property
 * that fdt_error() was told, if it has made it of a node of @node's tree; else
 * about @node.  Frees @err
 */
void fdt_finding_take(FdtFindings *findings, const FdtNode *node, Error *err);

/* fdt_findings_append: all of @more that @findings does not have */
void fdt_findings_append(FdtFindings *findings, const FdtFindings *more);

#endif /* HW_FDT_MACHINE_TREE_FINDING_H */
