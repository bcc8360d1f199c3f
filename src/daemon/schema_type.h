/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types of configured values: how each is read, printed and compared.
 */
#ifndef KG_DAEMON_SCHEMA_TYPE_H
#define KG_DAEMON_SCHEMA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct schema_row;

struct schema_type {
	size_t size; /* up to that of a double */
	bool text;   /* an owned string; may be "" */
	/* False, and unchanged, for what is not accepted. */
	bool (*set)(
	    const struct schema_row *row, void *value, const char *text);
	void (*print)(
	    const struct schema_row *row, const void *value, struct buf *out);
	/* Of a text, or of each word of a list, which is never empty. */
	bool (*accepts)(const char *text);
};

/* char *: texts, and lists of words with blanks between them. */
extern const struct schema_type schema_region, schema_url, schema_topic,
    schema_path, schema_socket, schema_group, schema_users, schema_keys;
extern const struct schema_type schema_bool;   /* bool */
extern const struct schema_type schema_number; /* double */
extern const struct schema_type schema_count;  /* int64_t */
/* int64_t, ms: a whole number and its unit, "90s", "10min", "1h", "7d". */
extern const struct schema_type schema_duration;
extern const struct schema_type schema_choice; /* int: which of the row's */

#endif
