/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz target is one file, fuzz_NAME.c, with the one function below, and a
 * folder corpus/NAME of seeds. `make check` runs it over its seeds by main.c;
 * `make fuzz` links it with clang's libFuzzer, which makes up its own.
 */
#ifndef KG_TESTS_FUZZ_FUZZ_H
#define KG_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Feeds `len` bytes to the parser and asserts what must hold of its answer.
 * Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
