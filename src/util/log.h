/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: one sentence and structured fields, to whatever sink the program
 * bound (journald, standard error, a test). The sink is the only mutable global
 * of the project. Never a secret, never a whole body. Called on the loop's
 * thread only.
 */
#ifndef KG_UTIL_LOG_H
#define KG_UTIL_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* As syslog(3) numbers them. */
enum log_level {
	LEVEL_ERROR = 3,
	LEVEL_WARNING = 4,
	LEVEL_NOTICE = 5, /* what an operator wants to have seen */
	LEVEL_INFO = 6,
	LEVEL_DEBUG = 7, /* debugging */
};

/* A journal field: "KEYGUARD_EXECUTION" and its value; a NULL value is left
 * out. */
struct log_field {
	const char *name;
	const char *value;
};

struct log_sink {
	void *self;
	/* `fields` has `count` entries; everything is borrowed. */
	void (*write)(void *self, enum log_level level, const char *text,
	    const struct log_field *fields, size_t count);
};

/* Binds the sink; before that, and for NULL, lines go to standard error as
 * "<level> text NAME=value ...". */
void log_bind(const struct log_sink *sink);

/* The most detailed level that is let through; LEVEL_INFO at the start. */
void log_threshold(enum log_level level);

/*
 * Logs one line. `fields` (NULL: none) ends with an empty entry:
 *	log_with(LEVEL_NOTICE, LOG_FIELDS({ "KEYGUARD_EXECUTION", name }),
 *	    "%s: key deleted", name);
 */
void log_with(enum log_level level, const struct log_field *fields,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A line without fields. */
#define log_line(level, ...) log_with(level, NULL, __VA_ARGS__)

/* Fields as a compound literal, for log_with. */
#define LOG_FIELDS(...) ((const struct log_field[]){ __VA_ARGS__, { 0 } })

#endif
