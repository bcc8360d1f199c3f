/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the scenarios named, or all of them, and says in TAP how each went.
 * With KG_LOG set, what the daemon logs is shown.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario.h"
#include "scenarios/world.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* A problem of many lines becomes a comment of as many. */
static void
explain(char *cause)
{
	char *line;

	while ((line = strsep(&cause, "\n")) != NULL)
		printf("# %s\n", line);
}

/* `name` is that of the file alone. */
static bool
run(const char *name)
{
	FREE_LATER char *path = xasprintf("scenarios/stories/%s", name);
	struct error error;
	bool ok = scenario_run(path, &error);

	printf("%sok - %s\n", ok ? "" : "not ", name);
	if (!ok)
		explain(error.cause);
	fflush(stdout);
	return ok;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("srcdir");
	FREE_LATER char *pattern = xasprintf(
	    "%s/tests/scenarios/stories/*.scn", top == NULL ? "." : top);
	glob_t found = { 0 };
	bool ok = true;

	if (getenv("KG_LOG") == NULL)
		world_keep_quiet();
	if (argc > 1) {
		found.gl_pathc = (size_t)argc - 1;
		found.gl_pathv = argv + 1;
	} else if (glob(pattern, 0, NULL, &found) != 0)
		return EXIT_FAILURE;
	printf("1..%zu\n", found.gl_pathc);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *slash = strrchr(found.gl_pathv[i], '/');

		ok &= run(slash == NULL ? found.gl_pathv[i] : slash + 1);
	}
	if (argc == 1)
		globfree(&found);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
