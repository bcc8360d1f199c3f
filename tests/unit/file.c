/* SPDX-License-Identifier: Apache-2.0 */
/* Files are found by $srcdir, which automake sets for tests. */
#include "unit/file.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define MAX ((size_t)16 << 20)

char *
file_read(const char *path)
{
	const char *top = getenv("srcdir");
	FREE_LATER char *whole =
	    xasprintf("%s/tests/%s", top == NULL ? "." : top, path);
	struct buf text = BUF_INIT(MAX);
	FILE *file = fopen(whole, "r");
	char block[4096];
	size_t len;

	if (file == NULL)
		err(EXIT_FAILURE, "%s", whole);
	while ((len = fread(block, 1, sizeof block, file)) > 0)
		buf_add(&text, block, len);
	fclose(file);
	return buf_take(&text);
}
