/*
 * What QEMU's start-up code calls to build a machine from a device tree
 *
 * Every function but fdt_machine_option() may be called at any time; without
 * -dtb-machine on the command line they have no effect.  They are called in the
 * order in which they stand here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_FDT_MACHINE_H
#define HW_FDT_MACHINE_FDT_MACHINE_H

#include "qapi/error.h"
#include "qemu/readline.h"
#include "qobject/qdict.h"

/**
 * fdt_machine_option: the command line has -dtb-machine @optarg
 * @optarg: keys and values (the first key may be left out: file), a JSON object
 *          of the schema's FdtMachineOptions, or "help"
 *
 * Reports errors and exits, as the other option parsers do; exits with success
 * after "help".
 */
void fdt_machine_option(const char *optarg);

/* fdt_machine_requested: whether -dtb-machine was given */
bool fdt_machine_requested(void);

/**
 * fdt_machine_early: read the tree, before the machine is created
 * @machine_opts: options of -machine and their like, in the form of
 *                keyval_parse(); gets type=none and, unless -smp was given,
 *                smp.cpus=N for the CPUs of the tree, and
 *                minimum-page-bits=N
 * @mem_path: file of -mem-path, or NULL; has to stay where it is
 *
 * Returns false with an error if the tree cannot be read or another type of
 * machine was asked for.
 */
bool fdt_machine_early(QDict *machine_opts, const char *mem_path,
                       Error **errp);

/**
 * fdt_machine_prepare: take over what is for the planner to use
 *
 * Moves RAM size, CPU type, kernel, initial RAM disk, kernel arguments, device
 * tree and firmware from the machine to the plan's configuration, so that the
 * machine `none` does nothing with them.  To be called when the machine's
 * properties are set, before its init function.  False with an error if there
 * are more CPUs than the tree has, or a property has no use here.
 */
bool fdt_machine_prepare(Error **errp);

/**
 * fdt_machine_load: plan the machine and build it
 *
 * All but the boot device.  To be called at PHASE_MACHINE_INITIALIZED, before
 * the devices of the command line are created.  Writes the files that the
 * option asks for; with dry-run=on it exits with success after that.  False
 * with an error if the plan, a file or a command fails; then the machine is
 * half built and QEMU has to exit.
 */
bool fdt_machine_load(Error **errp);

/**
 * fdt_machine_check_boot: whether what the machine says of booting has a use
 *
 * On the machine `none`, kernel and the like are for what a tree describes: an
 * error if one of them is set, and no tree was loaded or is about to be; or an
 * initial RAM disk or a command line, and nothing that takes them.  To be
 * called when the machine shall be completed, before that has any effect.
 */
bool fdt_machine_check_boot(Error **errp);

/**
 * fdt_machine_finish: add the boot device, when all else is there
 *
 * Before that, users may have changed the machine: the tree that the guest gets
 * follows.  To be called when the machine is about to be complete.  False with
 * an error if a refused load has left a device, or the boot device is refused;
 * the latter leaves nothing behind, so the function can be called again when
 * the user has mended what the error tells.
 */
bool fdt_machine_finish(Error **errp);

/**
 * fdt_machine_will_boot: whether fdt_machine_finish() is yet to add a boot
 * device
 *
 * False while it does so.
 */
bool fdt_machine_will_boot(void);

/**
 * fdt_machine_report: what was done with every node, in the form of the
 * schema's FdtMachineInfo, as the machine is now; NULL if no tree was loaded.
 * The caller unrefs
 */
QDict *fdt_machine_report(void);

/**
 * fdt_machine_check_line: whether a user may connect an output; a QDevGPIOCheck
 *
 * An error, which names both ends, if the output leads to another input
 * already, or another output to this input.  Likewise an error, which names the
 * devices, if the line closes a loop of or-irqs, split-irqs and other devices
 * that set their outputs whenever an input is set.
 */
void fdt_machine_check_line(const Object *obj, const char *name, Object *input,
                            Error **errp);

/**
 * fdt_machine_explain_input: why a device does not have an input; an
 * ObjectLinkNotFound
 *
 * An error if the path is that of a device, followed by a name of its inputs
 * with a number that the device does not have: which the last one is, and which
 * property settled that.
 */
bool fdt_machine_explain_input(const char *typename, const char *path,
                               Error **errp);

/**
 * fdt_machine_find_object: what a user means by a device's id or QOM path
 * @name: an absolute path; or the path of an object below
 *        /machine/peripheral, as "ID" or "ID/PART"; or another partial path
 *
 * Returns the object, of whatever type; NULL with an error if there is none, or
 * several match a partial path.
 */
Object *fdt_machine_find_object(const char *name, Error **errp);

/**
 * fdt_machine_warn_unmapped: a warning for each sysbus device that users have
 * added none of whose regions is mapped, which says how to map it
 *
 * Not for those that another object has a link to, be it to the device, to one
 * of its regions or to a clock: they have their use without an address.
 *
 * To be called when the machine is complete.
 */
void fdt_machine_warn_unmapped(void);

/**
 * fdt_machine_begin_identity: from now on, note which devices there are
 *
 * To be called before users add the first device; a second call has no effect.
 */
void fdt_machine_begin_identity(void);

/**
 * fdt_machine_settle_identity: which devices users have added, where they are
 * mapped and wired to, and in which order they came, is a part of all saved
 * states from now on
 *
 * A state of a machine that differs in that is refused, with a message that
 * says in what.  To be called once, when the machine is complete, and before a
 * guest moves anything.
 */
void fdt_machine_settle_identity(void);

/* HMP command "info fdt-machine" */
void hmp_info_fdt_machine(Monitor *mon, const QDict *qdict);

/*
 * HMP commands "sysbus_mmio_map" and "sysbus_mmio_unmap", and what completes
 * their argument
 */
void hmp_sysbus_mmio_map(Monitor *mon, const QDict *qdict);
void hmp_sysbus_mmio_unmap(Monitor *mon, const QDict *qdict);
void sysbus_mmio_map_completion(ReadLineState *rs, int nb_args,
                                const char *typed);

#endif /* HW_FDT_MACHINE_FDT_MACHINE_H */
