/*
 * What libFuzzer calls, and what it offers (llvm.org/docs/LibFuzzer.html)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FDT_MACHINE_FUZZ_H
#define TESTS_FDT_MACHINE_FUZZ_H

/* One run, with @size bytes that libFuzzer has made */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * New bytes for the next run, of those at @data; returns their number, which
 * is no more than @max_size.  @seed decides all that chance does
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size,
                                 const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t max_size,
                                 unsigned int seed);

/* libFuzzer's own mutator, which knows the dictionary */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

#endif /* TESTS_FDT_MACHINE_FUZZ_H */
