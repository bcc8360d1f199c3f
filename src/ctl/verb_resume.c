/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl resume: deletions that are held go on. */
#include <stdlib.h>

#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/verbs.h"
#include "util/doc.h"

static void
print_released(const struct ctl *ctl, int64_t released)
{
	FREE_LATER char *count = print_count(released, "execution");

	fprintf(ctl->out, "Deletions go on; %s had been held.\n", count);
}

int
verb_resume(const struct ctl *ctl, const struct words *words)
{
	struct json_object *parameters = doc_object();
	DOC_LATER struct json_object *reply = NULL;
	int status;

	doc_put_string(parameters, "account", words_get(words, "--account"));
	status =
	    ask_to(ctl, "Resume", parameters, "keyguardctl status", &reply);
	if (status != CTL_DONE)
		return status;
	if (ctl->json)
		print_json(ctl, reply);
	else
		print_released(ctl, doc_int(reply, "released", 0));
	return CTL_DONE;
}
