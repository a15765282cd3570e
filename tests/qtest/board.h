/*
 * A board of dts/ in a running QEMU, and what can be seen of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_BOARD_H
#define TESTS_FDT_MACHINE_BOARD_H

#include "tests/qtest/libqtest.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"

/* Options that every QEMU gets: no default devices, a port for one UART */
#define BOARD_OPTIONS "-nodefaults -serial null"

typedef struct Board {
    char *name;
    char *blob;             /* path of the compiled tree */
    char *overlay;          /* the same of NAME.dtso, or NULL */
    bool own;               /* of dts/: what these tests look at is there */
} Board;

/* board_new: compile dts/@name.dts, and @name.dtso if there is one */
Board *board_new(const char *name);
/* board_new_compiled: @dir/@name.dtb, and @name.dtbo if there is one */
Board *board_new_compiled(const char *dir, const char *name);
void board_free(Board *board);

/**
 * board_option: the option -dtb-machine, with @keys (as "dry-run=on", or NULL)
 * after the files; the caller frees
 */
char *board_option(const Board *board, const char *keys);

/* board_start: QEMU with the board, @keys and more options (NULL for none) */
QTestState *board_start(const Board *board, const char *keys,
                        const char *options);

/* board_report: result of query-fdt-machine; the caller unrefs */
QDict *board_report(QTestState *qts);

/* board_feed: send each line of a file as a command; returns how many */
unsigned board_feed(QTestState *qts, const char *file);

/**
 * board_state: all that can be seen of a machine from outside, as text: info
 * qtree, the size of pages, info mtree -f in a fixed order, and every link of
 * every object
 */
char *board_state(QTestState *qts);

/* board_uint: a number of a QMP answer */
uint64_t board_uint(const QDict *dict, const char *key);

/* board_get: a property of an object as a string; the caller frees */
char *board_get(QTestState *qts, const char *path, const char *property);

/* board_compare: fail the test if the texts differ, and show where */
void board_compare(const char *what, const char *a, const char *b);

#endif /* TESTS_FDT_MACHINE_BOARD_H */
