/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite's memory. Left to itself it reads a column that it has no memory for
 * as NULL, and fails in ways that look like a bad file or a bad row.
 */
#include "store/sqlite.h"

#include <malloc.h>
#include <stdlib.h>

#include "util/alloc.h"

static void *
allocate(int size)
{
	return xmalloc((size_t)size);
}

static void *
resize(void *block, int size)
{
	return xrealloc(block, (size_t)size);
}

static int
size_of(void *block)
{
	return (int)malloc_usable_size(block);
}

static int
rounded_up(int size)
{
	return (size + 7) & ~7;
}

static int
start(void *arg)
{
	(void)arg;
	return SQLITE_OK;
}

static void
end(void *arg)
{
	(void)arg;
}

void
sqlite_init(void)
{
	static const sqlite3_mem_methods ours = {
		.xMalloc = allocate,
		.xFree = free,
		.xRealloc = resize,
		.xSize = size_of,
		.xRoundup = rounded_up,
		.xInit = start,
		.xShutdown = end,
	};

	sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}
