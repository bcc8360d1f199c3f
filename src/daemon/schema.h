/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the configuration, and what can be done with one value.
 */
#ifndef KG_DAEMON_SCHEMA_H
#define KG_DAEMON_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct config;

struct schema_type;

struct schema_row {
	const char *section;
	const char *key;
	const struct schema_type *type;
	size_t offset;         /* into struct config */
	const char *otherwise; /* the default, as text; NULL: must be given */
	double min, max;       /* of numbers; of durations in ms */
	const char *const *choices; /* of a choice, ended by NULL */
	bool reloads;               /* a running daemon takes it anew */
	const char *accepts;        /* for people: what a good value is */
};

/* All rows, in the order they are printed; ended by a NULL section. */
extern const struct schema_row schema[];

/* The row of a key; NULL when there is none. */
const struct schema_row *schema_find(const char *section, const char *key);

/* Whether there is such a section. */
bool schema_has(const char *section);

/* Appends the keys of a section, or the sections when it has none, as a
 * list for people. */
void schema_known(const char *section, struct buf *out);

/* Sets a value from text; false (and unchanged) when it is not accepted. */
bool schema_set(
    const struct schema_row *row, struct config *config, const char *text);

/* Whether it is the empty string. */
bool schema_empty(const struct schema_row *row, const struct config *config);

/* Appends a value as text. */
void schema_print(
    const struct schema_row *row, const struct config *config, struct buf *out);

/* Whether two configurations agree in it. */
bool schema_same(const struct schema_row *row, const struct config *one,
    const struct config *other);

/* Moves a value from one configuration to another, exchanging the two. */
void schema_swap(
    const struct schema_row *row, struct config *one, struct config *other);

/* Frees a value. */
void schema_free(const struct schema_row *row, struct config *config);

#endif
