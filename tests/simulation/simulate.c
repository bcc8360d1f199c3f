/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simulate [--log] [FROM [SEEDS]]: prints the trace of each life, a line of
 * JSON each. What is wrong with it is for check.py to say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/life.h"
#include "util/cleanup.h"
#include "util/doc.h"

static void
print(uint64_t seed, bool logs)
{
	DOC_LATER struct json_object *trace = life_live(seed, logs);
	FREE_LATER char *text = doc_text(trace);

	puts(text);
}

int
main(int argc, char **argv)
{
	bool logs = argc > 1 && strcmp(argv[1], "--log") == 0;
	const char *const *words = (const char *const *)argv + 1 + logs;
	uint64_t from, count;

	argc -= logs;
	from = argc > 1 ? strtoull(words[0], NULL, 10) : 1;
	count = argc > 2 ? strtoull(words[1], NULL, 10) : 1;
	while (count-- > 0)
		print(from++, logs);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
