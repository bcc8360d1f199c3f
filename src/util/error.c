/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors as values: made in a local first, because a cause is often told in
 * terms of the error it replaces ("cannot sign: %s" of the same struct).
 */
#include "util/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "util/utf8.h"

static const char *const class_names[] = {
	[CLASS_NONE] = "",
	[CLASS_THROTTLED] = "Class.Throttled",
	[CLASS_TRANSIENT] = "Class.Transient",
};

static void __attribute__((format(printf, 3, 4)))
put(char *out, size_t room, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	utf8_vformat(out, room, format, args);
	va_end(args);
}

static void __attribute__((format(printf, 4, 0))) fill(struct error *error,
    enum error_class class, const char *name, const char *format, va_list args)
{
	struct error made = { .class = class };

	if (error == NULL)
		return;
	put(made.name, sizeof made.name, "%s", name);
	utf8_vformat(made.cause, sizeof made.cause, format, args);
	*error = made;
}

bool
error_set(struct error *error, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(error, CLASS_NONE, name, format, args);
	va_end(args);
	return false;
}

bool
error_set_class(struct error *error, enum error_class class, const char *name,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(error, class, name, format, args);
	va_end(args);
	return false;
}

const char *error_class_name(enum error_class class)
{
	return class_names[class];
}

enum error_class
error_class_parse(const char *name)
{
	for (size_t i = 0; i < sizeof class_names / sizeof class_names[0]; i++)
		if (strcmp(name, class_names[i]) == 0)
			return (enum error_class)i;
	return CLASS_NONE;
}
