/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without a fuzzer, for every compiler and in no time: over
 * each file of its seed corpus, whole and cut short at every byte, since an
 * end where none is expected is what parsers get wrong first. Speaks TAP.
 * Files named on the command line are run instead: what `make fuzz` found.
 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define SEED_MAX ((size_t)64 << 10)

static bool
load(const char *path, struct buf *bytes)
{
	FILE *file = fopen(path, "rb");
	char chunk[4096];
	size_t len;

	if (file == NULL)
		return false;
	while ((len = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(bytes, chunk, len);
	fclose(file);
	return buf_ok(bytes);
}

/* In a block of just that size, so that AddressSanitizer sees each byte that
 * is read past it. */
static void
feed(const char *bytes, size_t len)
{
	FREE_LATER uint8_t *copy = malloc(len);

	assert(copy != NULL || len == 0);
	if (len > 0)
		memcpy(copy, bytes, len);
	LLVMFuzzerTestOneInput(copy, len);
}

static void
run(const char *path, int number)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(SEED_MAX);
	bool loaded = load(path, &bytes);

	/* Named first: a crash says nothing more. */
	printf("# %s\n", path);
	fflush(stdout);
	for (size_t len = 0; loaded && len <= bytes.len; len++)
		feed(buf_text(&bytes), len);
	printf("%s %d - %s\n", loaded ? "ok" : "not ok", number, path);
}

static int
is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The seeds of build/tests/fuzz/fuzz_NAME lie in tests/fuzz/corpus/NAME. */
static int
run_corpus(const char *program)
{
	const char *srcdir = getenv("srcdir"), *name = strrchr(program, '_');
	struct dirent **seeds;

	assert(name != NULL);
	FREE_LATER char *folder = xasprintf(
	    "%s/tests/fuzz/corpus/%s", srcdir == NULL ? "." : srcdir, name + 1);
	int count = scandir(folder, &seeds, is_seed, alphasort);

	if (count <= 0) {
		printf("Bail out! no seeds in %s\n", folder);
		return EXIT_FAILURE;
	}
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		FREE_LATER char *path =
		    xasprintf("%s/%s", folder, seeds[i]->d_name);

		run(path, i + 1);
		free(seeds[i]);
	}
	free(seeds);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	if (argc == 1)
		return run_corpus(argv[0]);
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++)
		run(argv[i], i);
	return EXIT_SUCCESS;
}
