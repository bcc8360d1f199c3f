/* SPDX-License-Identifier: Apache-2.0 */
/* A caller of the sandbox's queues. */
#include "unit/ask_sqs.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

void
sqs(struct ask *ask, const char *operation, const char *json)
{
	FREE_LATER char *target = xasprintf("AmazonSQS.%s", operation);

	ask_json(ask, "sqs", target, json);
}

/* With a receipt handle put in for "%s". */
void
sqs_with(struct ask *ask, const char *operation, const char *format,
    const char *handle)
{
	const char *gap = strstr(format, "%s");
	FREE_LATER char *json =
	    xasprintf("%.*s%s%s", (int)(gap - format), format, handle, gap + 2);

	sqs(ask, operation, json);
}

void
receive(struct ask *ask)
{
	sqs(ask, "ReceiveMessage",
	    "{" URL ",'MaxNumberOfMessages':10,"
	    "'MessageSystemAttributeNames':['All']}");
	ck_assert_int_eq(ask->answer.status, 200);
}

size_t
received(const struct ask *ask)
{
	return doc_count(ask->doc, "Messages");
}

/* A copy of the string member of the i-th message. */
char *
member(const struct ask *ask, size_t i, const char *path)
{
	return xstrdup(
	    doc_string(doc_element(doc_at(ask->doc, "Messages"), i), path));
}

char *
handle_of(const struct ask *ask, size_t i)
{
	return member(ask, i, "ReceiptHandle");
}

void
refused(const struct ask *ask, int status, const char *type, const char *query)
{
	FREE_LATER char *full = xasprintf("com.amazonaws.sqs#%s", type);
	FREE_LATER char *both = xasprintf("%s;Sender", query);

	ck_assert_int_eq(ask->answer.status, status);
	ck_assert_str_eq(ask_string(ask, "__type"), full);
	ck_assert_str_eq(ask_header(ask, "x-amzn-query-error"), both);
}
