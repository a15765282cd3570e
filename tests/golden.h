/*
 * Text compared with a golden file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_GOLDEN_H
#define TESTS_FDT_MACHINE_GOLDEN_H

/**
 * golden_compare: fail the running test, and show a diff, if @text is not what
 * the file @golden holds
 * @other: the golden file of the other outcome, which must not be there
 *
 * With FDT_MACHINE_UPDATE=1 in the environment, @golden is written instead, and
 * @other removed.
 */
void golden_compare(const char *golden, const char *other, const char *text);

#endif /* TESTS_FDT_MACHINE_GOLDEN_H */
