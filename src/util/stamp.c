/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time as text and back, in the years 0000 to 9999 that both formats
 * have; what lies outside is written as their first or last millisecond.
 */
#include "util/stamp.h"

#include <time.h>

#define FIRST_MS INT64_C(-62167219200000) /* 0000-01-01T00:00:00.000Z */
#define LAST_MS  INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

/* Writes `width` digits and one character after them. */
static char *
put(char *out, int number, int width, char after)
{
	for (int i = width - 1; i >= 0; i--) {
		out[i] = (char)('0' + number % 10);
		number /= 10;
	}
	out[width] = after;
	return out + width + 1;
}

/* Splits into calendar fields; returns the milliseconds of the second. */
static int
split(int64_t wall_ms, struct tm *fields)
{
	int64_t ms = wall_ms < FIRST_MS ? FIRST_MS : wall_ms;

	if (ms > LAST_MS)
		ms = LAST_MS;
	int rest = (int)((ms % 1000 + 1000) % 1000);
	time_t seconds = (ms - rest) / 1000;

	gmtime_r(&seconds, fields);
	return rest;
}

void
stamp_rfc3339(int64_t wall_ms, char out[STAMP_RFC3339])
{
	struct tm tm;
	int ms = split(wall_ms, &tm);

	out = put(out, tm.tm_year + 1900, 4, '-');
	out = put(out, tm.tm_mon + 1, 2, '-');
	out = put(out, tm.tm_mday, 2, 'T');
	out = put(out, tm.tm_hour, 2, ':');
	out = put(out, tm.tm_min, 2, ':');
	out = put(out, tm.tm_sec, 2, '.');
	out = put(out, ms, 3, 'Z');
	*out = '\0';
}

void
stamp_amz(int64_t wall_ms, char out[STAMP_AMZ])
{
	char full[STAMP_RFC3339];

	stamp_rfc3339(wall_ms, full);
	for (const char *from = full; *from != '.'; from++)
		if (*from != '-' && *from != ':')
			*out++ = *from;
	*out++ = 'Z';
	*out = '\0';
}

/* Reads exactly `width` digits, of a number from `low` to `high`. */
static bool
take(const char **text, int width, int low, int high, int *ret)
{
	int number = 0;

	for (int i = 0; i < width; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		number = number * 10 + (**text - '0');
	}
	*ret = number;
	return number >= low && number <= high;
}

static bool
skip(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

static bool
parse_date(const char **text, struct tm *tm)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int year, month, day;

	if (!take(text, 4, 0, 9999, &year) || !skip(text, '-') ||
	    !take(text, 2, 1, 12, &month) || !skip(text, '-') ||
	    !take(text, 2, 1, 31, &day))
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return day <= days[month - 1] + (month == 2 && leap);
}

static bool
parse_time(const char **text, struct tm *tm)
{
	return take(text, 2, 0, 23, &tm->tm_hour) && skip(text, ':') &&
	    take(text, 2, 0, 59, &tm->tm_min) && skip(text, ':') &&
	    take(text, 2, 0, 59, &tm->tm_sec);
}

/* A fraction of any length, if there is one; milliseconds, the rest cut. */
static bool
parse_fraction(const char **text, int *ret_ms)
{
	int weight = 100, digit;

	*ret_ms = 0;
	if (!skip(text, '.'))
		return true;
	if (!take(text, 1, 0, 9, &digit))
		return false;
	do {
		*ret_ms += digit * weight;
		weight /= 10;
	} while (take(text, 1, 0, 9, &digit));
	return true;
}

/* "Z", or what the local time is ahead of UTC. */
static bool
parse_offset(const char **text, int *ret_minutes)
{
	int hours, minutes, sign = **text == '-' ? -1 : 1;

	*ret_minutes = 0;
	if (skip(text, 'Z'))
		return true;
	if (!skip(text, '+') && !skip(text, '-'))
		return false;
	if (!take(text, 2, 0, 23, &hours) || !skip(text, ':') ||
	    !take(text, 2, 0, 59, &minutes))
		return false;
	*ret_minutes = sign * (hours * 60 + minutes);
	return true;
}

bool
stamp_parse(const char *text, int64_t *ret_wall_ms)
{
	struct tm tm = { 0 };
	int ms, offset;

	if (!parse_date(&text, &tm) || !skip(&text, 'T') ||
	    !parse_time(&text, &tm) || !parse_fraction(&text, &ms) ||
	    !parse_offset(&text, &offset) || *text != '\0')
		return false;
	*ret_wall_ms = ((int64_t)timegm(&tm) - offset * 60) * 1000 + ms;
	return true;
}
