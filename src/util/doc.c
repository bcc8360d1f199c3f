/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON by json-c behind typed look-ups. The one file that knows how json-c
 * reads, counts and prints.
 */
#include "util/doc.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "util/alloc.h"
#include "util/doc_check.h"
#include "util/stamp.h"
#include "util/utf8.h"

#define NAME_ROOM 128 /* of one member in a path: paths are our own */

/*
 * Where json-c has no memory for a part of a text or a string it leaves it
 * out, and says nothing. But malloc(3) does.
 */
static void
begin(void)
{
	errno = 0;
}

static void
check_memory(void)
{
	if (errno == ENOMEM)
		abort();
}

void
doc_free(struct json_object *doc)
{
	json_object_put(doc);
}

void
doc_free_at(struct json_object **doc)
{
	doc_free(*doc);
}

static void
tokener_free_at(struct json_tokener **tokener)
{
	json_tokener_free(*tokener);
}

/* The tokener counts from where it was fed last: `before` bytes went before. */
static void
explain(struct json_tokener *tokener, size_t before, struct error *error)
{
	enum json_tokener_error code = json_tokener_get_error(tokener);
	bool deep = code == json_tokener_error_depth;

	error_set(error, deep ? "Doc.TooDeep" : "Doc.Malformed", "byte %zu: %s",
	    before + json_tokener_get_parse_end(tokener),
	    json_tokener_error_desc(code));
}

static struct json_tokener *
tokener_new(void)
{
	struct json_tokener *tokener = json_tokener_new_ex(DOC_DEPTH);

	assert(tokener != NULL);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	return tokener;
}

struct json_object *
doc_parse(const char *text, size_t len, struct error *error)
{
	CLEANUP(tokener_free_at) struct json_tokener *tokener = tokener_new();
	struct json_object *doc;
	size_t before = 0;

	if (len > INT_MAX) {
		error_set(error, "Doc.Malformed", "%zu bytes", len);
		return NULL;
	}
	if (!doc_check(text, len, error))
		return NULL;
	begin();
	doc = json_tokener_parse_ex(tokener, text, (int)len);
	/* A number or a literal ends only where the text does. */
	if (json_tokener_get_error(tokener) == json_tokener_continue) {
		before = len;
		doc = json_tokener_parse_ex(tokener, "", 1);
	}
	check_memory();
	if (json_tokener_get_error(tokener) != json_tokener_success)
		explain(tokener, before, error);
	else if (doc == NULL)
		error_set(error, "Doc.Malformed", "null is no document");
	return doc;
}

static struct json_object *
must(struct json_object *made)
{
	assert(made != NULL);
	return made;
}

struct json_object *
doc_object(void)
{
	return must(json_object_new_object());
}

struct json_object *
doc_array(void)
{
	return must(json_object_new_array());
}

struct json_object *
doc_at(struct json_object *doc, const char *path)
{
	while (doc != NULL && *path != '\0') {
		char name[NAME_ROOM];
		size_t len = strcspn(path, ".");
		struct json_object *member = NULL;

		assert(len < sizeof name);
		memcpy(name, path, len);
		name[len] = '\0';
		json_object_object_get_ex(doc, name, &member);
		doc = member;
		path += len + (path[len] == '.');
	}
	return doc;
}

bool
doc_is_object(struct json_object *value)
{
	return json_object_is_type(value, json_type_object);
}

bool
doc_is_array(struct json_object *value)
{
	return json_object_is_type(value, json_type_array);
}

const char *
doc_string(struct json_object *doc, const char *path)
{
	struct json_object *value = doc_at(doc, path);

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	const char *text = json_object_get_string(value);
	bool whole = strlen(text) == (size_t)json_object_get_string_len(value);
	return whole ? text : NULL;
}

/* A double that is an integer, "1e3", reads as one, too. */
static bool
whole_double(double number)
{
	return number >= -0x1p53 && number <= 0x1p53 && trunc(number) == number;
}

int64_t
doc_time(struct json_object *doc, const char *path)
{
	const char *text = doc_string(doc, path);
	int64_t wall_ms;

	return text != NULL && stamp_parse(text, &wall_ms) ? wall_ms : 0;
}

int64_t
doc_int(struct json_object *doc, const char *path, int64_t otherwise)
{
	struct json_object *value = doc_at(doc, path);

	if (json_object_is_type(value, json_type_double))
		return whole_double(json_object_get_double(value))
		    ? (int64_t)json_object_get_double(value)
		    : otherwise;
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_uint64(value) > INT64_MAX)
		return otherwise;
	return json_object_get_int64(value);
}

double
doc_double(struct json_object *doc, const char *path, double otherwise)
{
	struct json_object *value = doc_at(doc, path);

	if (json_object_is_type(value, json_type_double) ||
	    json_object_is_type(value, json_type_int))
		return json_object_get_double(value);
	return otherwise;
}

bool
doc_bool(struct json_object *doc, const char *path, bool otherwise)
{
	struct json_object *value = doc_at(doc, path);

	if (!json_object_is_type(value, json_type_boolean))
		return otherwise;
	return json_object_get_boolean(value);
}

size_t
doc_count(struct json_object *doc, const char *path)
{
	struct json_object *array = doc_at(doc, path);

	if (!json_object_is_type(array, json_type_array))
		return 0;
	return json_object_array_length(array);
}

struct json_object *
doc_element(struct json_object *array, size_t i)
{
	if (!json_object_is_type(array, json_type_array))
		return NULL;
	return json_object_array_get_idx(array, i);
}

void
doc_put(struct json_object *object, const char *name, struct json_object *value)
{
	if (value != NULL && json_object_object_add(object, name, value) != 0)
		abort();
}

void
doc_put_null(struct json_object *object, const char *name)
{
	if (json_object_object_add(object, name, NULL) != 0)
		abort();
}

void
doc_put_string(struct json_object *object, const char *name, const char *text)
{
	if (text != NULL)
		doc_put(object, name, doc_new_string(text));
}

void
doc_put_int(struct json_object *object, const char *name, int64_t number)
{
	doc_put(object, name, must(json_object_new_int64(number)));
}

void
doc_put_bool(struct json_object *object, const char *name, bool value)
{
	doc_put(object, name, must(json_object_new_boolean(value)));
}

void
doc_put_time(struct json_object *object, const char *name, int64_t wall_ms)
{
	char text[STAMP_RFC3339];

	if (wall_ms == 0)
		return;
	stamp_rfc3339(wall_ms, text);
	doc_put_string(object, name, text);
}

void
doc_push(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value) != 0)
		abort();
}

struct json_object *
doc_new_string(const char *text)
{
	FREE_LATER char *copy = xstrdup(text);

	utf8_repair(copy);
	return must(json_object_new_string(copy));
}

/* Slashes stay as they are: nobody wants to read "arn:aws:iam:..\/user". */
static char *
print(struct json_object *doc, int flags)
{
	const char *text;

	begin();
	text = json_object_to_json_string_ext(
	    doc, flags | JSON_C_TO_STRING_NOSLASHESCAPE);
	check_memory();
	return xstrdup(text);
}

char *
doc_text(struct json_object *doc)
{
	return print(doc, JSON_C_TO_STRING_PLAIN);
}

char *
doc_pretty(struct json_object *doc)
{
	return print(doc, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}
