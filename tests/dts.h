/*
 * Device tree sources for tests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_DTS_H
#define TESTS_FDT_MACHINE_DTS_H

/**
 * dts_dir: a directory of the project's sources
 * @name: relative to tests/, as "data/plan" or "../dts"
 *
 * The caller frees.
 */
char *dts_dir(const char *name);

/**
 * dts_list: names of the files in @dir that end with @suffix, without it and
 * sorted; an array of char *.  Ends the test if the directory cannot be read.
 */
GPtrArray *dts_list(const char *dir, const char *suffix);

/**
 * dts_compile: preprocess @dir/@file and compile it
 *
 * Returns the path of the blob in a directory of temporary files; the caller
 * frees the path.  Ends the test if cpp or dtc refuse the file.
 */
char *dts_compile(const char *dir, const char *file);

/**
 * dts_temp: path of a file called @name in the directory of temporary files,
 * which dts_clean() removes with all that is in it; the caller frees
 */
char *dts_temp(const char *name);
void dts_clean(void);

#endif /* TESTS_FDT_MACHINE_DTS_H */
