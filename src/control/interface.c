/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of interface definitions that holds a value against each type it
 * passes over; with no value at hand it only passes over. Reads the text anew
 * each time: it is short, and there is nothing to keep.
 */
#include "control/interface.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "util/doc.h"

struct reader {
	const char *text; /* the definition, to find types in */
	const char *at;
	char *wrong; /* the first field that is; "" so far */
};

static bool check(struct reader *reader, struct json_object *value);

/* ---- tokens ---- */

static void
skip_space(struct reader *reader)
{
	for (;;) {
		reader->at += strspn(reader->at, " \t\n");
		if (*reader->at != '#')
			return;
		reader->at += strcspn(reader->at, "\n");
	}
}

/* Takes a token that is there, and says whether it was. */
static bool
take(struct reader *reader, const char *token)
{
	skip_space(reader);
	if (strncmp(reader->at, token, strlen(token)) != 0)
		return false;
	reader->at += strlen(token);
	return true;
}

static void
take_name(struct reader *reader, char name[INTERFACE_NAME])
{
	size_t len = 0;

	skip_space(reader);
	while (isalnum((unsigned char)*reader->at) || *reader->at == '_') {
		if (len < INTERFACE_NAME - 1)
			name[len++] = *reader->at;
		reader->at++;
	}
	name[len] = '\0';
}

/* Declarations begin at the start of a line; nothing else does. Moves past the
 * next name of that kind. */
static bool
next(struct reader *reader, const char *kind, char name[INTERFACE_NAME])
{
	size_t len = strlen(kind);

	while ((reader->at = strchr(reader->at, '\n')) != NULL) {
		reader->at++;
		if (strncmp(reader->at, kind, len) != 0 ||
		    reader->at[len] != ' ')
			continue;
		reader->at += len;
		take_name(reader, name);
		return true;
	}
	return false;
}

/* A reader that stands behind a name; `at` is NULL if there is none. */
static struct reader
find(const char *text, const char *kind, const char *wanted, char *wrong)
{
	struct reader reader = { text, text, wrong };
	char name[INTERFACE_NAME];

	while (next(&reader, kind, name))
		if (strcmp(name, wanted) == 0)
			break;
	return reader;
}

/* ---- types ---- */

static bool
is(struct json_object *value, enum json_type type)
{
	return value != NULL && json_object_is_type(value, type);
}

/* A string without a NUL; a whole number of 64 bits. */
static bool
is_string(struct json_object *value)
{
	return value != NULL && doc_string(value, "") != NULL;
}

static bool
is_int(struct json_object *value)
{
	return value != NULL && doc_int(value, "", 0) == doc_int(value, "", 1);
}

static bool
check_array(struct reader *reader, struct json_object *value)
{
	const char *element = reader->at;
	size_t count = doc_count(value, "");
	bool good = is(value, json_type_array);

	check(reader, NULL);
	for (size_t i = 0; i < count; i++) {
		reader->at = element;
		good &= check(reader, doc_element(value, i));
	}
	return good;
}

static bool
check_map(struct reader *reader, struct json_object *value)
{
	const char *element = reader->at;
	bool good = is(value, json_type_object);

	check(reader, NULL);
	if (!good)
		return false;
	json_object_object_foreach (value, key, member) {
		(void)key;
		reader->at = element;
		good &= check(reader, member);
	}
	return good;
}

/* The rest of "(name, ...)" behind the first name. */
static bool
check_enum(
    struct reader *reader, char name[INTERFACE_NAME], struct json_object *value)
{
	const char *text = value == NULL ? NULL : doc_string(value, "");
	bool good = false;

	for (;;) {
		good |= text != NULL && strcmp(text, name) == 0;
		if (take(reader, ")"))
			return good;
		take(reader, ",");
		take_name(reader, name);
	}
}

static void
blame(struct reader *reader, const char *field)
{
	if (reader->wrong[0] == '\0')
		snprintf(reader->wrong, INTERFACE_NAME, "%s", field);
}

/* What is left when all declared fields were seen was not declared. */
static bool
check_surplus(
    struct reader *reader, struct json_object *value, struct json_object *seen)
{
	json_object_object_foreach (value, key, member) {
		(void)member;
		if (json_object_object_get_ex(seen, key, NULL))
			continue;
		blame(reader, key);
		return false;
	}
	return true;
}

/* The rest of "(name: type, ...)" behind the first name. An object that is not
 * there is still passed over. */
static bool
check_struct(
    struct reader *reader, char name[INTERFACE_NAME], struct json_object *value)
{
	DOC_LATER struct json_object *seen = doc_object();
	bool there = is(value, json_type_object), good = there;

	while (!take(reader, ")")) {
		struct json_object *member = NULL;

		if (take(reader, ","))
			take_name(reader, name);
		take(reader, ":");
		if (there)
			json_object_object_get_ex(value, name, &member);
		if (!check(reader, member) && there) {
			blame(reader, name);
			good = false;
		}
		doc_put_bool(seen, name, true);
	}
	return good && check_surplus(reader, value, seen);
}

static bool
check_parenthesis(struct reader *reader, struct json_object *value)
{
	char name[INTERFACE_NAME];

	take_name(reader, name);
	skip_space(reader);
	if (name[0] != '\0' && *reader->at != ':')
		return check_enum(reader, name, value);
	return check_struct(reader, name, value);
}

static bool
check_named(struct reader *reader, struct json_object *value)
{
	char name[INTERFACE_NAME];
	struct reader type;

	take_name(reader, name);
	type = find(reader->text, "type", name, reader->wrong);
	return type.at != NULL && check(&type, value);
}

/* Passes over a type, and says whether a value is of it; NULL only is where it
 * may be absent. */
static bool
check(struct reader *reader, struct json_object *value)
{
	if (take(reader, "?")) {
		bool good = check(reader, value);

		return value == NULL || good;
	}
	if (take(reader, "[]"))
		return check_array(reader, value);
	if (take(reader, "[string]"))
		return check_map(reader, value);
	if (take(reader, "("))
		return check_parenthesis(reader, value);
	if (take(reader, "string"))
		return is_string(value);
	if (take(reader, "int"))
		return is_int(value);
	if (take(reader, "bool"))
		return is(value, json_type_boolean);
	return check_named(reader, value);
}

/* ---- what is asked ---- */

void
interface_each(const char *text, const char *kind,
    void (*each)(void *arg, const char *name), void *arg)
{
	struct reader reader = { text, text, NULL };
	char name[INTERFACE_NAME];

	while (next(&reader, kind, name))
		each(arg, name);
}

bool
interface_has(const char *text, const char *kind, const char *name)
{
	return find(text, kind, name, NULL).at != NULL;
}

/* Holds an object against the parenthesis that `reader` stands before. */
static bool
check_object(struct reader *reader, struct json_object *object)
{
	DOC_LATER struct json_object *empty = doc_object();

	return check(reader, object == NULL ? empty : object);
}

bool
interface_takes(const char *text, const char *method,
    struct json_object *object, char ret_wrong[INTERFACE_NAME])
{
	struct reader reader = find(text, "method", method, ret_wrong);

	ret_wrong[0] = '\0';
	return reader.at != NULL && check_object(&reader, object);
}

bool
interface_answers(const char *text, const char *method,
    struct json_object *object, char ret_wrong[INTERFACE_NAME])
{
	struct reader reader = find(text, "method", method, ret_wrong);

	ret_wrong[0] = '\0';
	if (reader.at == NULL)
		return false;
	check(&reader, NULL);
	take(&reader, "->");
	return check_object(&reader, object);
}

bool
interface_tells(const char *text, const char *error, struct json_object *object,
    char ret_wrong[INTERFACE_NAME])
{
	struct reader reader = find(text, "error", error, ret_wrong);

	ret_wrong[0] = '\0';
	return reader.at != NULL && check_object(&reader, object);
}
