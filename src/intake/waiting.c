/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index is the C library's balanced tree, ordered by name.
 */
#include "intake/waiting.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

struct name {
	char *name;
	struct hold **holds;
	size_t count;
};

static int
compare(const void *a, const void *b)
{
	const struct name *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static void
name_free(void *arg)
{
	struct name *name = arg;

	free(name->name);
	free(name->holds);
	free(name);
}

bool
waiting_add(struct waiting *waiting, const char *text, struct hold *hold)
{
	struct name key = { .name = (char *)(uintptr_t)text }, *name;
	struct name **found = tfind(&key, &waiting->root, compare);

	if (found == NULL) {
		name = xzalloc(sizeof *name);
		name->name = xstrdup(text);
		xtsearch(name, &waiting->root, compare);
	} else {
		name = *found;
	}
	for (size_t i = 0; i < name->count; i++)
		if (name->holds[i] == hold)
			return false;
	name->holds =
	    xreallocarray(name->holds, name->count + 1, sizeof(struct hold *));
	name->holds[name->count++] = hold;
	return true;
}

bool
waiting_end(struct waiting *waiting, const char *text,
    void (*each)(void *arg, struct hold *hold), void *arg)
{
	struct name key = { .name = (char *)(uintptr_t)text }, *name;
	struct name **found = tfind(&key, &waiting->root, compare);

	if (found == NULL)
		return false;
	name = *found;
	tdelete(name, &waiting->root, compare);
	for (size_t i = 0; i < name->count; i++)
		each(arg, name->holds[i]);
	name_free(name);
	return true;
}

void
waiting_done(struct waiting *waiting)
{
	tdestroy(waiting->root, name_free);
	waiting->root = NULL;
}
