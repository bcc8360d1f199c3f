/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl list: a page of executions. */
#include <stdlib.h>

#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/executions.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/verbs.h"
#include "util/cleanup.h"
#include "util/doc.h"

static void
print_page(const struct ctl *ctl, struct json_object *page)
{
	struct json_object *executions = doc_at(page, "executions");
	FREE_LATER char *next = print_clean(doc_string(page, "nextToken"));

	if (doc_count(executions, "") == 0)
		fputs("No executions were found.\n", ctl->out);
	else
		executions_print(ctl, executions);
	if (*next != '\0')
		fprintf(ctl->out, "\nThere are more: list --after %s\n", next);
}

int
verb_list(const struct ctl *ctl, const struct words *words)
{
	struct json_object *parameters = doc_object();
	DOC_LATER struct json_object *page = NULL;
	const char *limit = words_get(words, "--limit");
	int status;

	doc_put_string(parameters, "status", words_get(words, "--status"));
	doc_put_string(parameters, "outcome", words_get(words, "--outcome"));
	doc_put_string(parameters, "after", words_get(words, "--after"));
	if (limit != NULL)
		doc_put_int(parameters, "limit", atoi(limit));
	status = ask(ctl, "List", parameters, &page);
	if (status != CTL_DONE)
		return status;
	if (ctl->json)
		print_json(ctl, page);
	else
		print_page(ctl, page);
	return CTL_DONE;
}
