/*
 * The machine that is built from a tree, and the load that it is built by
 *
 * A session is one load: what was asked for, and what came of it.  A further
 * load is a new session, which takes the place of the one before when it has
 * been carried out; if it is refused, the one before is as it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_SESSION_H
#define HW_FDT_MACHINE_SESSION_H

#include "qapi/qapi-types-fdt-machine.h"
#include "../plan/plan.h"
#include "backends.h"

/* Properties of the machine that say what boots */
typedef enum FdtBootProperty {
    FDT_BOOT_KERNEL,
    FDT_BOOT_INITRD,
    FDT_BOOT_APPEND,
    FDT_BOOT_DTB,
    FDT_BOOT_FIRMWARE,
    FDT_BOOT__MAX,
} FdtBootProperty;

/* What the command line, or a user, has set of the machine for a tree */
typedef struct FdtSettings {
    uint64_t ram_size;
    char *cpu_type;
    char *boot[FDT_BOOT__MAX];  /* NULL if not given */
    bool taken;                 /* fdt_settings_take() was called */
} FdtSettings;

typedef struct FdtSession {
    FdtMachineOptions *options;
    bool late;                  /* the load came by QMP */
    FdtTree *tree;
    FdtTree **bindings;         /* of files, NULL-terminated */
    unsigned num_cpus;          /* of the tree */
    GStrv omit;                 /* as full paths */
    GStrv require;              /* as full paths */
    GStrv guest_rules;
    FdtPlan *plan;              /* carried out, but for the boot device */
    QDict *report;
} FdtSession;

/* The one machine that is built from a tree */
typedef struct FdtMachine {
    const char *mem_path;       /* of -mem-path, or NULL */
    FdtBackends *backends;
    FdtSettings settings;
    FdtSession *session;        /* the one that is loaded; NULL: none yet */

    /*
     * Steps that were carried out and are in effect, in their order: those of
     * the session's plan, and what refused loads have left
     */
    GPtrArray *done;            /* of FdtStep * */
    GPtrArray *left;            /* the latter alone, but for what is harmless */
    GHashTable *retired;        /* ids of devices that are of no effect */
    bool finishing;             /* the boot device is being added */
} FdtMachine;

/* fdt_machine_get: the machine; there is always one, maybe without a session */
FdtMachine *fdt_machine_get(void);

/*
 * session.c
 */

/* fdt_session_new: takes ownership of @options */
FdtSession *fdt_session_new(FdtMachineOptions *options);
void fdt_session_free(FdtSession *session);
/* fdt_session_read: the tree, and what the options say of it */
bool fdt_session_read(FdtSession *session, Error **errp);
/*
 * fdt_session_end: what only a further load would need is freed; the report and
 * the options stay
 */
void fdt_session_end(FdtSession *session);

/*
 * planning.c: a session's plan, made after what the machine is like
 */

/* fdt_machine_plan: of the session's tree; NULL with an error */
FdtPlan *fdt_machine_plan(FdtMachine *m, const FdtSession *session,
                          Error **errp);
/*
 * fdt_machine_warn_rules: a warning for each word of guest-rules= without which
 * the plan would be the same
 */
void fdt_machine_warn_rules(FdtMachine *m, const FdtSession *session,
                            const FdtPlan *plan);
/*
 * fdt_machine_plan_next: the same for a further load: ids of devices that are
 * of no effect then are not given to others
 * @retired: set to the ids of all such devices; the caller unrefs
 */
FdtPlan *fdt_machine_plan_next(FdtMachine *m, const FdtSession *session,
                               GHashTable **retired, Error **errp);

/*
 * carry-out.c: the machine follows a plan
 */

/**
 * fdt_machine_carry_out: bring the machine to another plan
 * @session: gets the plan, and its report
 * @plan: takes ownership, whatever comes of it
 * @retired: as fdt_machine_plan_next() has set it, of which it takes the
 *           reference; NULL: the first load, by the command line
 *
 * False with an error if the plan would take a device out, or a step fails.
 * Then the steps before it are undone, as far as they can be, and the error
 * says what stays; but for the load of the command line, after which QEMU
 * exits.
 */
bool fdt_machine_carry_out(FdtMachine *m, FdtSession *session, FdtPlan *plan,
                           GHashTable *retired, Error **errp);
/* fdt_machine_check_whole: an error if a refused load has left a device */
bool fdt_machine_check_whole(const FdtMachine *m, Error **errp);

/*
 * settings.c: properties of the machine
 */

/* fdt_boot_property: what the machine says now; NULL: nothing; caller frees */
char *fdt_boot_property(FdtBootProperty i);
/* fdt_boot_property_name: "kernel", ... */
const char *fdt_boot_property_name(FdtBootProperty i);
/* fdt_settings_note_boot: what boots; fdt_boot_free: the same array is empty */
void fdt_settings_note_boot(FdtSettings *settings);
void fdt_boot_free(char **boot);
/*
 * fdt_settings_note: all that the machine says, its memory backend, which
 * becomes one of m->backends, and those of @options
 */
bool fdt_settings_note(FdtMachine *m, const FdtMachineOptions *options,
                       Error **errp);
/*
 * fdt_settings_take: RAM and CPUs that the machine would have by itself are the
 * plan's; to be called once they are noted
 */
void fdt_settings_take(FdtSettings *settings);
void fdt_settings_clear(FdtSettings *settings);

/*
 * output.c: files and messages about a session
 */

/*
 * fdt_write_file: a file that the key of that name asks for; "-" is the
 * standard output
 */
bool fdt_write_file(const char *key, const char *filename, const char *text,
                    Error **errp);
/* fdt_session_write: the files that the options ask for */
bool fdt_session_write(const FdtSession *session, const FdtPlan *plan,
                       Error **errp);
/* fdt_session_warn: about -serial that no node takes */
void fdt_session_warn(const FdtSession *session);
/* fdt_session_warn_findings: about the first of what is wrong with the tree */
void fdt_session_warn_findings(const FdtSession *session);
/*
 * fdt_session_warn_mute: what the report says that the guest will lack, unless
 * @before, an earlier report or NULL, said it
 */
void fdt_session_warn_mute(const FdtSession *session, const QDict *before);
/* fdt_session_summarize: how many nodes became what, on the standard output */
void fdt_session_summarize(const FdtSession *session);

/* fdt_session_trace: a trace event for every node of the report */
void fdt_session_trace(const FdtSession *session);

/*
 * rescues.c: registers without a model that programs waited for
 */

/* fdt_report_rescues: put them into a report, if there are any */
void fdt_report_rescues(QDict *report);
/* fdt_write_rescues_at_exit: the overlay of the key rescues=, when QEMU ends */
void fdt_write_rescues_at_exit(void);

#endif /* HW_FDT_MACHINE_SESSION_H */
