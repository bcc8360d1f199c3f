/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of units, the largest first.
 */
#include "util/duration.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/clock.h"

#define UNITS  4
#define DIGITS "0123456789"

static const struct unit {
	const char *name;
	int64_t ms;
} units[UNITS] = {
	{ "d", DAYS(1) },
	{ "h", HOURS(1) },
	{ "min", MINUTES(1) },
	{ "s", SECONDS(1) },
};

bool
duration_parse(const char *text, int64_t *ret_ms)
{
	size_t digits = strspn(text, DIGITS);
	int64_t number = strtoll(text, NULL, 10);

	for (size_t i = 0; i < UNITS; i++)
		if (digits > 0 && strcmp(text + digits, units[i].name) == 0 &&
		    number <= DAYS(3652425) / units[i].ms) {
			*ret_ms = number * units[i].ms;
			return true;
		}
	return false;
}

char *
duration_text(int64_t ms)
{
	const struct unit *unit = units;

	while (unit < &units[UNITS - 1] && ms % unit->ms != 0)
		unit++;
	return xasprintf("%" PRId64 "%s", ms / unit->ms, unit->name);
}
