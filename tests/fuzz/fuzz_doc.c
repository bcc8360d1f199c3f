/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON: what is accepted prints as UTF-8 that is accepted again and prints the
 * same, so that nothing changes on its way through the store.
 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "util/doc.h"
#include "util/utf8.h"

/* Either a document, or an error that says why not. */
static struct json_object *
parse(const char *text, size_t len)
{
	struct error error = { 0 };
	struct json_object *doc = doc_parse(text, len, &error);

	assert((doc == NULL) == (error.name[0] != '\0'));
	assert(utf8_valid(error.cause));
	return doc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	DOC_LATER struct json_object *doc = parse((const char *)bytes, len);

	if (doc == NULL)
		return 0;
	FREE_LATER char *text = doc_text(doc);
	DOC_LATER struct json_object *again = parse(text, strlen(text));

	assert(utf8_valid(text));
	assert(again != NULL);
	FREE_LATER char *same = doc_text(again);

	assert(strcmp(text, same) == 0);
	return 0;
}
