/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl rejected: all refused messages, page by page. */
#include <json-c/json.h>

#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/table.h"
#include "ctl/verbs.h"
#include "util/alloc.h"
#include "util/doc.h"

static void
print_rows(const struct ctl *ctl, struct json_object *rows)
{
	struct table *table;
	size_t count = doc_count(rows, "");

	if (count == 0) {
		fputs("No message has been refused.\n", ctl->out);
		return;
	}
	table = table_new(ctl);
	table_column(table, "ID", TABLE_RIGHT);
	table_column(table, "RECEIVED", 0);
	table_column(table, "ERROR", 0);
	table_column(table, "CAUSE", TABLE_WRAP);
	for (size_t i = 0; i < count; i++) {
		struct json_object *row = doc_element(rows, i);

		table_row(table);
		table_cell_take(
		    table, xasprintf("%lld", (long long)doc_int(row, "id", 0)));
		table_cell_take(
		    table, print_time(doc_string(row, "receivedDate")));
		table_cell(table, doc_string(row, "error"));
		table_cell(table, doc_string(row, "cause"));
	}
	table_end(table);
	fputs("\nThe messages themselves: keyguardctl --json rejected\n",
	    ctl->out);
}

/* Adds the page that follows `before`, and says what follows the page: 0 if
 * nothing does. */
static int
add_page(const struct ctl *ctl, struct json_object *all, int64_t *ret_before)
{
	struct json_object *parameters = doc_object(), *rows;
	DOC_LATER struct json_object *page = NULL;
	size_t count;
	int status;

	if (*ret_before != 0)
		doc_put_int(parameters, "before", *ret_before);
	status = ask(ctl, "Rejected", parameters, &page);
	if (status != CTL_DONE)
		return status;
	rows = doc_at(page, "rejected");
	count = doc_count(rows, "");
	for (size_t i = 0; i < count; i++)
		doc_push(all, json_object_get(doc_element(rows, i)));
	*ret_before = doc_int(doc_element(rows, count - 1), "id", 0);
	return CTL_DONE;
}

int
verb_rejected(const struct ctl *ctl, const struct words *words)
{
	DOC_LATER struct json_object *doc = doc_object();
	struct json_object *all = doc_array();
	int64_t before = 0;

	(void)words;
	doc_put(doc, "rejected", all);
	do {
		int status = add_page(ctl, all, &before);

		if (status != CTL_DONE)
			return status;
	} while (before != 0);
	if (ctl->json)
		print_json(ctl, doc);
	else
		print_rows(ctl, all);
	return CTL_DONE;
}
