/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON by json-c behind typed look-ups: hostile text is capped in size and
 * depth, must be UTF-8 and must be one whole document; a member of the wrong
 * type reads as absent unless asked about. `struct json_object` stays json-c's
 * name: documents are handed around as such, freed by doc_free.
 */
#ifndef KG_UTIL_DOC_H
#define KG_UTIL_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "util/error.h"

struct json_object;

#define DOC_DEPTH 32                /* levels of nesting that are accepted */
#define DOC_MAX   ((size_t)2 << 20) /* bytes, where a caller has no cap */

/* Drops a reference; NULL is fine. `DOC_LATER` marks a local for it. */
void doc_free(struct json_object *doc);
void doc_free_at(struct json_object **doc);
#define DOC_LATER CLEANUP(doc_free_at)

/*
 * Parses one whole JSON document of at most DOC_DEPTH levels: UTF-8, no NUL
 * within, nothing after it. NULL and an error named `Doc.Malformed` or
 * `Doc.TooDeep`, whose cause has the byte, otherwise. The caller frees it.
 */
struct json_object *doc_parse(const char *text, size_t len, struct error *);

/* A new empty object or array. */
struct json_object *doc_object(void);
struct json_object *doc_array(void);

/*
 * Walks members by a dotted path ("detail.eventArn"); borrowed, NULL when
 * something on the way is absent, null, or no object. The path "" is the
 * document itself, here and in all that follow.
 */
struct json_object *doc_at(struct json_object *doc, const char *path);

/* Whether a value is an object, an array; false for NULL. */
bool doc_is_object(struct json_object *value);
bool doc_is_array(struct json_object *value);

/* The string at a path; NULL when absent, no string, or with a NUL within (of
 * which C would see the beginning only). Borrowed. */
const char *doc_string(struct json_object *doc, const char *path);

/* The time at a path, in RFC 3339, as a wall clock's milliseconds; else 0. */
int64_t doc_time(struct json_object *doc, const char *path);

/* The number at a path, else `otherwise`: also for a fraction or more than 64
 * bits in doc_int. */
int64_t doc_int(struct json_object *doc, const char *path, int64_t otherwise);
double doc_double(struct json_object *doc, const char *path, double otherwise);

/* The boolean at a path, else `otherwise`. */
bool doc_bool(struct json_object *doc, const char *path, bool otherwise);

/* The length of the array at a path; 0 when absent or no array. */
size_t doc_count(struct json_object *doc, const char *path);

/* The i-th element of an array; borrowed, NULL past the end. */
struct json_object *doc_element(struct json_object *array, size_t i);

/* Set a member. The NULL string, and doc_put of NULL, set nothing: members
 * that do not apply are left out. doc_put takes ownership of `value`. */
void doc_put(struct json_object *, const char *name, struct json_object *value);
void doc_put_null(struct json_object *, const char *name);
void doc_put_string(struct json_object *, const char *name, const char *text);
void doc_put_int(struct json_object *, const char *name, int64_t number);
void doc_put_bool(struct json_object *, const char *name, bool value);
/* RFC 3339 with milliseconds; 0 sets nothing, which doc_time reads as 0. */
void doc_put_time(struct json_object *, const char *name, int64_t wall_ms);

/* Append to an array, taking ownership. */
void doc_push(struct json_object *array, struct json_object *value);

/* A new string value; what is not UTF-8 in it becomes '?'. */
struct json_object *doc_new_string(const char *text);

/* The document as compact JSON text; the caller frees it. */
char *doc_text(struct json_object *doc);

/* As doc_text, indented for people. */
char *doc_pretty(struct json_object *doc);

#endif
