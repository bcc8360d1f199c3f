/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors are values: a name as Amazon States Language spells it, a cause for
 * people, the AWS request id when there is one, and a class that one retrier
 * can match whatever the spelling. Owned by the caller, copied by assignment.
 *
 * Names: `States.Timeout`, `<Service>.<Code>` exactly as AWS spells the code
 * (`IAM.NoSuchEntity`), our own `Http.*`, `Aws.*`, `Finding.*`, `Store.*`,
 * `Config.*`, `Daemon.*`.
 */
#ifndef KG_UTIL_ERROR_H
#define KG_UTIL_ERROR_H

#include <stdbool.h>

enum error_class {
	CLASS_NONE,      /* retrying the same call changes nothing */
	CLASS_THROTTLED, /* Class.Throttled: slow down, then again */
	CLASS_TRANSIENT, /* Class.Transient: a passing fault, again */
};

struct error {
	char name[128];
	char cause[1024]; /* UTF-8, cut at a character with "..." if longer */
	char request_id[128];
	enum error_class class;
};

/*
 * Fills `error` (which may be NULL: the caller does not care) with a name and
 * a formatted cause, class none, no request id. Returns false, so that
 * `return error_set(...)` reads well.
 */
bool error_set(struct error *error, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set, with a class. */
bool error_set_class(struct error *error, enum error_class class,
    const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The class by its name in the store and in a table: "Class.Throttled",
 * "Class.Transient", "" for none. */
const char *error_class_name(enum error_class class);

/* The class of such a name; CLASS_NONE for anything else. */
enum error_class error_class_parse(const char *name);

#endif
