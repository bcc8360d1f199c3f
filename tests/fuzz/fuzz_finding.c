/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message bodies: whatever comes, keys are key ids, what is shown is clean,
 * and what an execution gets as its input reads back.
 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "util/doc.h"
#include "workflow/finding.h"
#include "workflow/text.h"

static void
check_reduced(const struct finding *finding, const char *key_id)
{
	DOC_LATER struct json_object *event = finding_reduce(finding, key_id);
	FREE_LATER char *text = doc_text(event);
	DOC_LATER struct json_object *again =
	    doc_parse(text, strlen(text), NULL);

	assert(again != NULL);
	assert(doc_count(again, "detail.affectedEntities") == (key_id != NULL));
}

static void
check_finding(const struct finding *finding)
{
	assert(finding->key_count + finding->bad_count <= FINDING_ENTITIES);
	assert(finding->account == NULL || strlen(finding->account) == 12);
	for (size_t i = 0; i < finding->key_count; i++) {
		size_t len = strlen(finding->keys[i]);

		assert(len >= 16 && len <= 128);
		check_reduced(finding, finding->keys[i]);
	}
	for (size_t i = 0; i < finding->bad_count; i++) {
		assert(text_plain(finding->bad[i]));
		assert(
		    i == 0 || strcmp(finding->bad[i - 1], finding->bad[i]) < 0);
	}
	check_reduced(finding, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct error error = { 0 };
	struct finding finding;
	enum finding_kind kind =
	    finding_parse((const char *)bytes, len, &finding, &error);

	assert((kind == FINDING_EXPOSED_KEY) == (error.name[0] == '\0'));
	if (kind == FINDING_EXPOSED_KEY)
		check_finding(&finding);
	finding_done(&finding);
	(void)finding_suspected((const char *)bytes, len);
	return 0;
}
