/*
 * What commands name of the types of devices, and what rows of bindings name
 *
 * A name is text: "TYPE property NAME", "TYPE region INDEX-OR-NAME",
 * "TYPE line NAME[INDEX]" or "TYPE bus NAME".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_BINDING_NAMES_H
#define TESTS_FDT_MACHINE_BINDING_NAMES_H

#include "../../hw/fdt-machine/bindings/binding.h"

/**
 * names_of_commands: add to the set @names what the commands of a plan name
 * @dump: the commands as dump-qmp= writes them, one a line
 */
void names_of_commands(GHashTable *names, const char *dump);

/**
 * names_of_buses: add to the set @names the buses that devices have
 * @qtree: what `info qtree` prints
 */
void names_of_buses(GHashTable *names, const char *qtree);

/*
 * names_of_row: regions, lines and buses that the data of a row with a type
 * names; an array of char * that the caller unrefs
 */
GPtrArray *names_of_row(const FdtBinding *b);

/**
 * row_tree: a copy of @base with a node that has all that the row asks for:
 * entries of reg and interrupts, by their names if it has them, and a device on
 * the bus if it has one.  The caller frees
 */
FdtTree *row_tree(const FdtTree *base, const FdtBinding *b);

#endif /* TESTS_FDT_MACHINE_BINDING_NAMES_H */
