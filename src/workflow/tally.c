/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree (tsearch, which glibc keeps balanced) finds a row, a list keeps the
 * order.
 */
#include "workflow/tally.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

static int
by_text(const void *a, const void *b)
{
	const struct tally_row *left = a, *right = b;

	return strcmp(left->text, right->text);
}

static struct tally_row *
append(struct tally *tally, const char *text)
{
	struct tally_row *row = xzalloc(sizeof *row);

	row->text = xstrdup(text);
	if (tally->last == NULL)
		tally->first = row;
	else
		tally->last->next = row;
	tally->last = row;
	xtsearch(row, &tally->tree, by_text);
	return row;
}

int64_t
tally_add(struct tally *tally, const char *text)
{
	struct tally_row wanted = { .text = (char *)text };
	struct tally_row *const *found = tfind(&wanted, &tally->tree, by_text);
	struct tally_row *row = found == NULL ? append(tally, text) : *found;

	return ++row->count;
}

size_t
tally_top(
    const struct tally *tally, const struct tally_row **ret_rows, size_t max)
{
	size_t count = 0;

	for (const struct tally_row *row = tally->first; row != NULL;
	     row = row->next) {
		size_t place = count;

		while (place > 0 && ret_rows[place - 1]->count < row->count)
			place--;
		if (place == max)
			continue;
		if (count < max)
			count++;
		memmove(ret_rows + place + 1, ret_rows + place,
		    (count - place - 1) * sizeof *ret_rows);
		ret_rows[place] = row;
	}
	return count;
}

static void
row_free(void *arg)
{
	struct tally_row *row = arg;

	free(row->text);
	free(row);
}

void
tally_done(struct tally *tally)
{
	tdestroy(tally->tree, row_free);
	*tally = (struct tally){ 0 };
}
