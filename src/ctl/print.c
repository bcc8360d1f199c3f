/* SPDX-License-Identifier: Apache-2.0 */
/* Values as text for people. */
#include "ctl/print.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/stamp.h"
#include "util/utf8.h"

/* ---- text ---- */

static uint32_t
code_point(const char *text, size_t len)
{
	static const unsigned char lead[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = (unsigned char)text[0] & lead[len];

	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	return code;
}

/* What moves the cursor, or turns the direction of what follows, or is not
 * seen: by Unicode's categories Cc, Cf, Zl, Zp, as far as terminals care. */
static bool
invisible(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },
		{ 0x7f, 0x9f },
		{ 0xad, 0xad },
		{ 0x61c, 0x61c },
		{ 0x200b, 0x200f },
		{ 0x2028, 0x202e },
		{ 0x2060, 0x206f },
		{ 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb },
		{ 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

char *
print_clean(const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text), used;
	char *clean = xzalloc(len + 1), *end = clean;

	for (const char *at = text; len > 0; at += used, len -= used) {
		size_t whole = utf8_char(at, len);

		used = whole == 0 ? 1 : whole;
		if (isspace((unsigned char)*at))
			*end++ = ' ';
		else if (whole == 0 || invisible(code_point(at, whole)))
			*end++ = '?';
		else
			end = (char *)memcpy(end, at, whole) + whole;
	}
	return clean;
}

/* JSON leaves DEL and C1 as they are, and some terminals obey them. In JSON
 * they can only be part of a string. */
void
print_json(const struct ctl *ctl, struct json_object *doc)
{
	FREE_LATER char *text = doc_pretty(doc);

	for (const char *at = text; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;
		unsigned char next = (unsigned char)at[1];

		if (c == 0x7f)
			fputs("\\u007f", ctl->out);
		else if (c == 0xc2 && next <= 0x9f)
			fprintf(ctl->out, "\\u00%02x", *++at & 0xff);
		else
			putc(c, ctl->out);
	}
	putc('\n', ctl->out);
}

/* ---- time ---- */

static bool
local(const char *stamp, struct tm *ret, int *ret_ms)
{
	int64_t wall_ms;
	time_t seconds;

	if (stamp == NULL || !stamp_parse(stamp, &wall_ms))
		return false;
	seconds = (time_t)(wall_ms / 1000);
	*ret_ms = (int)(wall_ms % 1000);
	return localtime_r(&seconds, ret) != NULL;
}

char *
print_time(const char *stamp)
{
	char text[64];
	struct tm tm;
	int ms;

	if (!local(stamp, &tm, &ms))
		return print_clean(stamp);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", &tm);
	return xstrdup(text);
}

static bool
other_day(const struct tm *tm, const char *day)
{
	struct tm that;
	int ms;

	return local(day, &that, &ms) &&
	    (tm->tm_yday != that.tm_yday || tm->tm_year != that.tm_year);
}

char *
print_clock(const char *stamp, const char *day)
{
	char text[64];
	struct tm tm;
	int ms;

	if (!local(stamp, &tm, &ms) || other_day(&tm, day))
		return print_time(stamp);
	strftime(text, sizeof text, "%H:%M:%S", &tm);
	return xasprintf("%s.%03d", text, ms);
}

/* The two largest units, the second only if there is something of it. */
static char *
two_units(int64_t large, const char *large_unit, int64_t small,
    const char *small_unit)
{
	if (small == 0)
		return xasprintf("%" PRId64 " %s", large, large_unit);
	return xasprintf("%" PRId64 " %s %" PRId64 " %s", large, large_unit,
	    small, small_unit);
}

static char *
duration(int64_t ms)
{
	int64_t seconds = ms / 1000, minutes = seconds / 60,
		hours = minutes / 60, days = hours / 24;

	if (ms < 1000)
		return xasprintf("%" PRId64 " ms", ms);
	if (seconds < 60)
		return xasprintf(
		    "%" PRId64 ".%d s", seconds, (int)(ms % 1000 / 100));
	if (minutes < 60)
		return two_units(minutes, "min", seconds % 60, "s");
	if (hours < 24)
		return two_units(hours, "h", minutes % 60, "min");
	return two_units(days, "d", hours % 24, "h");
}

static bool
difference(const char *from, const char *to, int64_t *ret_ms)
{
	int64_t from_ms, to_ms;

	if (from == NULL || to == NULL || !stamp_parse(from, &from_ms) ||
	    !stamp_parse(to, &to_ms))
		return false;
	*ret_ms = to_ms - from_ms;
	return true;
}

char *
print_duration(const char *from, const char *to)
{
	int64_t ms;

	if (!difference(from, to, &ms))
		return xstrdup("");
	return duration(ms < 0 ? 0 : ms);
}

char *
print_later(const char *from, const char *to)
{
	int64_t ms;

	if (!difference(from, to, &ms))
		return xstrdup("");
	FREE_LATER char *text = duration(ms < 0 ? -ms : ms);

	return xasprintf("%s %s", text, ms < 0 ? "before" : "later");
}

char *
print_age(const char *from)
{
	static const struct {
		int64_t seconds;
		const char *unit;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" },
		{ 1, "s" } };
	const struct clock clock = clock_real();
	int64_t from_ms, age, i = 0;

	if (from == NULL || !stamp_parse(from, &from_ms))
		return xstrdup("");
	age = (clock_wall_ms(&clock) - from_ms) / 1000;
	age = age < 0 ? 0 : age;
	while (units[i].seconds > 1 && age < units[i].seconds)
		i++;
	return xasprintf(
	    "%" PRId64 " %s", age / units[i].seconds, units[i].unit);
}

char *
print_count(int64_t count, const char *noun)
{
	return xasprintf(
	    "%" PRId64 " %s%s", count, noun, count == 1 ? "" : "s");
}
