/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes over the control socket, from either end: messages, and whether
 * their parameters are what the interface allows. What is accepted is written
 * again, and means the same.
 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "control/interface.h"
#include "control/varlink.h"
#include "control/varlink_interface.h"
#include "util/cleanup.h"
#include "util/doc.h"

static const char *const methods[] = { "Inject", "List", "Describe", "Watch",
	"Status", "Rejected", "Machine" };

/* A copy that a message can own. */
static struct json_object *
copy(struct json_object *doc)
{
	FREE_LATER char *text = doc_text(doc);

	return doc == NULL ? NULL : doc_parse(text, strlen(text), NULL);
}

static void
call(const char *text, size_t len)
{
	struct varlink_call first, again;
	char wrong[INTERFACE_NAME];

	if (!varlink_call_parse(text, len, &first, NULL))
		return;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		assert(interface_takes(varlink_interface, methods[i],
			   first.parameters, wrong) == (wrong[0] == '\0'));
	FREE_LATER char *written =
	    varlink_call_text(first.method, copy(first.parameters), first.more);

	assert(varlink_call_parse(written, strlen(written), &again, NULL));
	assert(strcmp(first.method, again.method) == 0);
	assert(first.more == again.more);
	varlink_call_done(&again);
	varlink_call_done(&first);
}

static void
reply(const char *text, size_t len)
{
	struct varlink_reply reply;
	char wrong[INTERFACE_NAME];

	if (!varlink_reply_parse(text, len, &reply, NULL))
		return;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		interface_answers(
		    varlink_interface, methods[i], reply.parameters, wrong);
	varlink_reply_done(&reply);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *at = (const char *)bytes;
	size_t message;

	while (varlink_whole(at, len, &message)) {
		call(at, message);
		reply(at, message);
		at += message + 1;
		len -= message + 1;
	}
	return 0;
}
