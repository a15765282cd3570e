/*
 * Commands that put a machine together on none, and their answers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_COLD_PLUG_H
#define TESTS_FDT_MACHINE_COLD_PLUG_H

#include "tests/qtest/libqtest.h"

/*
 * expect: send one command, and look for @text in its error; NULL: it has to
 * work.  The test fails otherwise, and goes on
 */
void expect(QTestState *qts, const char *text, const char *line);

#define EXIT "{\"execute\": \"x-exit-preconfig\"}"
#define ADD(driver, id, more) \
    "{\"execute\": \"device_add\", \"arguments\": {\"driver\": \"" driver \
    "\", \"id\": \"" id "\"" more "}}"
#define MAP(device, more) \
    "{\"execute\": \"sysbus-mmio-map\", \"arguments\": {\"device\": \"" \
    device "\"" more "}}"
#define UNMAP(device, more) \
    "{\"execute\": \"sysbus-mmio-unmap\", \"arguments\": {\"device\": \"" \
    device "\"" more "}}"
#define SET(path, property, value) \
    "{\"execute\": \"qom-set\", \"arguments\": {\"path\": \"" path \
    "\", \"property\": \"" property "\", \"value\": \"" value "\"}}"

/*
 * errors_of: what QEMU says on standard error with these options, as a shell
 * reads them, until it is told to quit; the caller frees
 */
char *errors_of(const char *options);

/* start_none: none with a CPU, whose accesses those of qtest are */
QTestState *start_none(void);

/*
 * wait_for_migration: wait until it is completed, or, if @passes is not 0,
 * until memory has been looked through for changes that often.  A migration
 * that fails ends the test
 */
void wait_for_migration(QTestState *qts, int64_t passes);

#endif /* TESTS_FDT_MACHINE_COLD_PLUG_H */
