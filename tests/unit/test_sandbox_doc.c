/* SPDX-License-Identifier: Apache-2.0 */
/* The document of the sandbox's state: what it refuses. */
#include <string.h>

#include "sandbox/model.h"
#include "unit/unit.h"
#include "util/doc.h"

START_TEST(misspelt_documents_are_refused)
{
	static const char *const documents[] = {
		"{\"user\":[]}",
		"{\"users\":{}}",
		"{\"users\":[{\"nam\":\"alice\"}]}",
		"{\"users\":[{\"kind\":\"user\"}]}",
		"{\"users\":[{\"kind\":\"king\",\"name\":\"a\"}]}",
		"{\"users\":[{\"name\":\"a\",\"keys\":[{}]}]}",
		"{\"queues\":[{}]}",
		"{\"queues\":[{\"name\":\"q\",\"messages\":[{}]}]}",
		"{\"topics\":[{\"arn\":\"alarm\"}]}",
		"{\"events\":[{\"eventName\":\"E\"}]}",
		"{\"faults\":[{\"do\":\"explode\"}]}",
		"{\"faults\":[{\"do\":\"error\",\"times\":1}]}",
	};
	DOC_LATER struct json_object *doc =
	    doc_parse(documents[_i], strlen(documents[_i]), NULL);
	struct model *model = model_new(1);
	struct error error;

	ck_assert_ptr_nonnull(doc);
	ck_assert(!model_load(model, doc, 0, &error));
	ck_assert_str_eq(error.name, "Sandbox.BadDocument");
	model_free(model);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sandbox/doc");
	TCase *tcase = tcase_create("doc");

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, misspelt_documents_are_refused, 0, 12);
	return suite;
}
