/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML: what is accepted has a root and text in UTF-8, wherever one looks.
 */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "util/cleanup.h"
#include "util/utf8.h"
#include "util/xml.h"

/* What the answers of AWS are asked for. */
static const char *const paths[] = {
	"",
	"Error/Code",
	"Error/Message",
	"RequestId",
	"GetAccessKeyLastUsedResult/UserName",
	"GetAccessKeyLastUsedResult/AccessKeyLastUsed/LastUsedDate",
};

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct error error = { 0 };
	CLEANUP(xml_free_at)
	struct xml *xml = xml_parse((const char *)bytes, len, &error);

	assert((xml == NULL) == (error.name[0] != '\0'));
	assert(utf8_valid(error.cause));
	if (xml == NULL)
		return 0;
	assert(xml_root(xml)[0] != '\0' && utf8_valid(xml_root(xml)));
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		const char *text = xml_text(xml, paths[i]);

		assert(text == NULL || utf8_valid(text));
	}
	return 0;
}
