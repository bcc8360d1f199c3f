/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error answers: whatever comes, there is a name, one line of UTF-8 says why,
 * and nothing else gets in. The input: the service as a digit, x-amzn-errortype
 * behind it, x-amzn-query-error in the second line, then the body.
 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "aws/failure.h"
#include "loop/http.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/utf8.h"

/* Takes a line off; what is left has no line break. */
static char *
take_line(char **rest)
{
	char *line = *rest, *end = line + strcspn(line, "\n");

	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return line;
}

static void
check(enum aws_service service, const struct error *error)
{
	const char *prefix = aws_service_name(service);

	assert(strncmp(error->name, prefix, strlen(prefix)) == 0 ||
	    strcmp(error->name, "Http.Status400") == 0);
	assert(strspn(error->name,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789._-") == strlen(error->name));
	assert(error->cause[0] != '\0');
	assert(utf8_valid(error->cause));
	for (const char *c = error->cause; *c != '\0'; c++)
		assert((unsigned char)*c >= ' ' && *c != 0x7f);
	assert(strpbrk(error->request_id, " \r\n") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	FREE_LATER char *text = xmemdup0(bytes, len);
	char *rest = text, *type = take_line(&rest);
	struct http_answer answer = {
		.status = 400,
		.error_type = *type != '\0' ? type + 1 : NULL,
		.query_error = take_line(&rest),
		.body = rest,
		.body_len = len - (size_t)(rest - text),
	};
	enum aws_service service =
	    (unsigned)(unsigned char)*type % AWS_SERVICES;
	struct error error;

	failure_parse(service, &answer, &error);
	check(service, &error);
	return 0;
}
