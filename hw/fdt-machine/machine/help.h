/*
 * -dtb-machine help
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_MACHINE_HELP_H
#define HW_FDT_MACHINE_MACHINE_HELP_H

/*
 * fdt_machine_wants_help: whether the argument of -dtb-machine asks for help:
 * `help`, `?`, or `help,TOPIC[=WORD]`
 */
bool fdt_machine_wants_help(const char *optarg);

/*
 * fdt_machine_help: print the help that @optarg asks for on standard output.
 * Returns false, with an error that names the topics, if there is no such one.
 */
bool fdt_machine_help(const char *optarg, Error **errp);

/* fdt_machine_keys: all keys with their values in one line; the caller frees */
char *fdt_machine_keys(void);

#endif /* HW_FDT_MACHINE_MACHINE_HELP_H */
