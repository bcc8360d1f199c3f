/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log. Text from outside reaches it, so a line is made one line here,
 * whatever the sink: valid UTF-8, of bounded length, without control
 * characters.
 */
#include "util/log.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "util/buf.h"
#include "util/cleanup.h"
#include "util/utf8.h"

#define TEXT_MAX   2048
#define LINE_ROOM  ((size_t)16 << 10)
#define FIELDS_MAX 16

/* The only mutable global: a line must have somewhere to go before there is
 * anything to hand around. */
static struct {
	struct log_sink sink; /* .write NULL: standard error */
	enum log_level threshold;
} bound = { .threshold = LEVEL_INFO };

/* Control characters become spaces: one line stays one line. */
static void
flatten(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = ' ';
}

/* "<level> text NAME=value ...", in one piece so that lines never mix. */
static void
to_stderr(enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	CLEANUP(buf_done) struct buf line = BUF_INIT(LINE_ROOM);

	buf_printf(&line, "<%d> %s", level, text);
	for (size_t i = 0; i < count; i++)
		buf_printf(&line, " %s=%s", fields[i].name, fields[i].value);
	if (line.data != NULL)
		flatten(line.data);
	fprintf(stderr, "%s\n", buf_text(&line));
}

void
log_bind(const struct log_sink *sink)
{
	bound.sink = sink == NULL ? (struct log_sink){ 0 } : *sink;
}

void
log_threshold(enum log_level level)
{
	bound.threshold = level;
}

/* Leaves out what has no value; returns how many are left. */
static size_t
choose(const struct log_field *fields, struct log_field out[FIELDS_MAX])
{
	size_t count = 0;

	for (; fields != NULL && fields->name != NULL; fields++) {
		if (fields->value == NULL)
			continue;
		assert(count < FIELDS_MAX);
		out[count++] = *fields;
	}
	return count;
}

void
log_with(enum log_level level, const struct log_field *fields,
    const char *format, ...)
{
	struct log_field chosen[FIELDS_MAX];
	char text[TEXT_MAX];
	va_list args;

	if (level > bound.threshold)
		return;
	va_start(args, format);
	utf8_vformat(text, sizeof text, format, args);
	va_end(args);
	flatten(text);

	size_t count = choose(fields, chosen);
	if (bound.sink.write == NULL)
		to_stderr(level, text, chosen, count);
	else
		bound.sink.write(bound.sink.self, level, text, chosen, count);
}
