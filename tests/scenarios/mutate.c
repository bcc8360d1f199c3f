/* SPDX-License-Identifier: Apache-2.0 */
/* Values are counted in the order of the document, outer ones first. */
#include "scenarios/mutate.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static const char long_text[] = "100,000 characters";

const char *const mutate_values[] = {
	NULL,
	"null",
	"true",
	"0",
	"-1.5e300",
	"18446744073709551615",
	"\"\"",
	"\"x\"",
	"\"x\\u0000y\"",
	"\"\\u001b[31m\\n\\tx\"",
	long_text,
	"[]",
	"[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]",
	"[0,\"x\",{}]",
	"{}",
	"{\"a\":{\"a\":{\"a\":\"x\"}}}",
};
const size_t mutate_count = sizeof mutate_values / sizeof mutate_values[0];

bool
mutate_is_string(const char *value)
{
	return value != NULL && (value == long_text || *value == '"');
}

struct mutation {
	size_t skip; /* so many values come before it */
	const char *value;
	char path[128]; /* where it was, once it is done */
};

static struct json_object *
value_of(const struct mutation *mutation)
{
	FREE_LATER char *text = NULL;

	if (strcmp(mutation->value, "null") == 0)
		return NULL;
	if (mutation->value != long_text)
		return doc_parse(
		    mutation->value, strlen(mutation->value), NULL);
	text = xasprintf("%0100000d", 7);
	return doc_new_string(text);
}

static bool change(
    struct json_object *in, const char *path, struct mutation *mutation);

/* Whether it is here; if not, it may be further down. */
static bool
here(struct json_object *value, const char *path, struct mutation *mutation)
{
	if (mutation->skip-- > 0)
		return change(value, path, mutation);
	snprintf(mutation->path, sizeof mutation->path, "%s", path);
	return true;
}

static bool
change_member(struct json_object *object, const char *name,
    struct json_object *value, const char *path, struct mutation *mutation)
{
	FREE_LATER char *longer =
	    xasprintf("%s%s%s", path, *path != '\0' ? "." : "", name);

	if (!here(value, longer, mutation))
		return false;
	if (strcmp(mutation->path, longer) != 0)
		return true;
	if (mutation->value == NULL)
		json_object_object_del(object, name);
	else
		json_object_object_add(object, name, value_of(mutation));
	return true;
}

static bool
change_element(struct json_object *array, size_t i, const char *path,
    struct mutation *mutation)
{
	FREE_LATER char *longer = xasprintf("%s[%zu]", path, i);

	if (!here(json_object_array_get_idx(array, i), longer, mutation))
		return false;
	if (strcmp(mutation->path, longer) != 0)
		return true;
	if (mutation->value == NULL)
		json_object_array_del_idx(array, i, 1);
	else
		json_object_array_put_idx(array, i, value_of(mutation));
	return true;
}

/* Changes it there or further down; false when it is past the last. */
static bool
change(struct json_object *in, const char *path, struct mutation *mutation)
{
	if (json_object_is_type(in, json_type_object)) {
		json_object_object_foreach (in, name, value) {
			FREE_LATER char *copy = xstrdup(name);

			if (change_member(in, copy, value, path, mutation))
				return true;
		}
	}
	for (size_t i = 0; i < doc_count(in, ""); i++)
		if (change_element(in, i, path, mutation))
			return true;
	return false;
}

bool
mutate(struct json_object *doc, size_t skip, const char *value, char path[128])
{
	struct mutation mutation = { .skip = skip, .value = value };
	bool changed = change(doc, "", &mutation);

	strcpy(path, mutation.path);
	return changed;
}
