/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of definitions; and that ours says what the code does: the same
 * methods and the same errors, in both directions.
 */
#include <stdio.h>
#include <string.h>

#include "control/call.h"
#include "control/interface.h"
#include "control/methods.h"
#include "control/varlink.h"
#include "control/varlink_interface.h"
#include "machine/history.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/doc.h"

static const char definition[] =
    "# Words in comments, like method Ghost() -> (), are not read.\n"
    "interface org.example.Test\n"
    "type Color (red, green,\n"
    "  # This one is new.\n"
    "  blue_1)\n"
    "type Pair (a: int, b: ?Color)\n"
    "# method Ghost() -> ()\n"
    "method Nothing() -> ()\n"
    "method All(\n"
    "  # A comment (with a parenthesis: here).\n"
    "  s: string, i: ?int, b: ?bool, l: ?[]string, m: ?[string]int,\n"
    "  e: ?(on, off), p: ?Pair, q: ?[](x: ?[]Pair)) -> (done: bool)\n"
    "error Failed (why: string)\n";

static struct json_object *
parse(const char *text)
{
	struct json_object *doc = doc_parse(text, strlen(text), NULL);

	ck_assert_ptr_nonnull(doc);
	return doc;
}

START_TEST(good_parameters)
{
	static const char *const good[] = {
		"{\"s\":\"\"}",
		"{\"s\":\"x\",\"i\":-5,\"b\":false,\"l\":[],\"m\":{}}",
		"{\"s\":\"x\",\"i\":null,\"q\":null}",
		"{\"s\":\"x\",\"l\":[\"a\",\"b\"],\"m\":{\"a.b\":1,\"\":2}}",
		"{\"s\":\"x\",\"e\":\"off\",\"p\":{\"a\":1}}",
		"{\"s\":\"x\",\"p\":{\"a\":1,\"b\":\"blue_1\"}}",
		"{\"s\":\"x\",\"q\":[{},{\"x\":[]},{\"x\":[{\"a\":1}]}]}",
	};
	char wrong[INTERFACE_NAME];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		DOC_LATER struct json_object *doc = parse(good[i]);

		ck_assert_msg(interface_takes(definition, "All", doc, wrong),
		    "%s: %s", good[i], wrong);
	}
	ck_assert(interface_takes(definition, "Nothing", NULL, wrong));
	ck_assert(interface_answers(definition, "Nothing", NULL, wrong));
}
END_TEST

START_TEST(bad_parameters)
{
	static const struct {
		const char *text, *wrong;
	} bad[] = {
		{ "{}", "s" },
		{ "{\"s\":null}", "s" },
		{ "{\"s\":5}", "s" },
		{ "{\"s\":\"\\u0000\"}", "s" },
		{ "{\"s\":\"\",\"i\":1.5}", "i" },
		{ "{\"s\":\"\",\"i\":true}", "i" },
		{ "{\"s\":\"\",\"b\":1}", "b" },
		{ "{\"s\":\"\",\"l\":\"x\"}", "l" },
		{ "{\"s\":\"\",\"l\":[\"x\",1]}", "l" },
		{ "{\"s\":\"\",\"l\":[null]}", "l" },
		{ "{\"s\":\"\",\"m\":[]}", "m" },
		{ "{\"s\":\"\",\"m\":{\"a\":null}}", "m" },
		{ "{\"s\":\"\",\"e\":\"o\"}", "e" },
		{ "{\"s\":\"\",\"e\":1}", "e" },
		{ "{\"s\":\"\",\"p\":\"x\"}", "p" },
		{ "{\"s\":\"\",\"p\":{}}", "a" },
		{ "{\"s\":\"\",\"p\":{\"a\":1,\"b\":\"Red\"}}", "b" },
		{ "{\"s\":\"\",\"p\":{\"a\":1,\"c\":1}}", "c" },
		{ "{\"s\":\"\",\"q\":[{\"x\":[{\"a\":\"\"}]}]}", "a" },
		{ "{\"s\":\"\",\"z\":null}", "z" },
	};
	char wrong[INTERFACE_NAME];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		DOC_LATER struct json_object *doc = parse(bad[i].text);

		ck_assert(!interface_takes(definition, "All", doc, wrong));
		ck_assert_str_eq(wrong, bad[i].wrong);
	}
}
END_TEST

START_TEST(answers_and_errors)
{
	DOC_LATER struct json_object *done = parse("{\"done\":true}");
	DOC_LATER struct json_object *why = parse("{\"why\":\"\"}");
	char wrong[INTERFACE_NAME];

	ck_assert(interface_answers(definition, "All", done, wrong));
	ck_assert(!interface_answers(definition, "All", why, wrong));
	ck_assert_str_eq(wrong, "done");
	ck_assert(!interface_answers(definition, "Nothing", done, wrong));
	ck_assert(interface_tells(definition, "Failed", why, wrong));
	ck_assert(!interface_tells(definition, "Failed", done, wrong));
	ck_assert(!interface_tells(definition, "Fail", why, wrong));
	ck_assert(!interface_takes(definition, "Ghost", NULL, wrong));
	ck_assert(interface_has(definition, "type", "Pair"));
	ck_assert(!interface_has(definition, "type", "Ghost"));
	ck_assert(!interface_has(definition, "method", "Pair"));
}
END_TEST

START_TEST(a_long_name_is_cut)
{
	DOC_LATER struct json_object *doc = doc_object();
	char name[200], wrong[INTERFACE_NAME];

	memset(name, 'x', sizeof name);
	name[sizeof name - 1] = '\0';
	doc_put_bool(doc, name, true);
	ck_assert(!interface_takes(definition, "Nothing", doc, wrong));
	ck_assert_uint_eq(strlen(wrong), INTERFACE_NAME - 1);
}
END_TEST

/* ---- ours ---- */

static void
expect_method(void *arg, const char *name)
{
	ck_assert_msg(methods_find(arg, name) != NULL, "%s", name);
}

START_TEST(methods_are_those_of_the_definition)
{
	const struct interface *interface = methods_interfaces;

	for (; interface->name != NULL; interface++) {
		const struct method *method = interface->methods;

		interface_each(interface->definition, "method", expect_method,
		    (void *)interface);
		for (; method->name != NULL; method++)
			ck_assert_msg(interface_has(interface->definition,
					  "method", method->name),
			    "%s", method->name);
	}
}
END_TEST

static const char *const errors[] = {
	CONTROL_NO_SUCH_EXECUTION,
	CONTROL_INVALID_EVENT,
	CONTROL_BAD_TOKEN,
	CONTROL_STORE_FAILED,
	CONTROL_NOT_FAILED,
	CONTROL_NOT_UNCONTAINED,
	CONTROL_NOT_RUNNING,
	CONTROL_NOT_POSSIBLE,
	CONTROL_NOTHING_HELD,
};
enum { ERRORS = sizeof errors / sizeof *errors };

static void
expect_error(void *arg, const char *name)
{
	FREE_LATER char *full = xasprintf("io.keyguard.Control.%s", name);
	bool found = false;

	(void)arg;
	for (int i = 0; i < ERRORS; i++)
		found |= strcmp(errors[i], full) == 0;
	ck_assert_msg(found, "%s", name);
}

START_TEST(errors_are_those_of_the_definition)
{
	interface_each(varlink_interface, "error", expect_error, NULL);
	for (int i = 0; i < ERRORS; i++)
		ck_assert(interface_has(
		    varlink_interface, "error", strrchr(errors[i], '.') + 1));
}
END_TEST

/* Every value that a type of the definition has is one that the code has. */
START_TEST(names_are_those_of_the_machine)
{
	char wrong[INTERFACE_NAME];

	for (int i = 0; i < EVENT_TYPES; i++) {
		FREE_LATER char *text = xasprintf(
		    "{\"event\":{\"id\":1,\"previousEventId\":0,\"timestamp\":"
		    "\"\",\"type\":\"%s\"}}",
		    event_type_name((enum event_type)i));
		DOC_LATER struct json_object *doc = parse(text);

		ck_assert_msg(
		    interface_answers(varlink_interface, "Watch", doc, wrong),
		    "%s", text);
	}
	for (int i = 0; i <= STATUS_ABORTED; i++) {
		FREE_LATER char *text = xasprintf(
		    "{\"status\":\"%s\"}", status_name((enum status)i));
		DOC_LATER struct json_object *doc = parse(text);

		ck_assert(
		    interface_takes(varlink_interface, "List", doc, wrong));
	}
}
END_TEST

/* A line above each that says what it is. */
START_TEST(all_is_documented)
{
	static const char *const kinds[] = { "\nmethod ", "\nerror ",
		"\ntype " };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *at = varlink_interface;

		while ((at = strstr(at, kinds[i])) != NULL) {
			const char *line = at++;

			while (line > varlink_interface && line[-1] != '\n')
				line--;
			ck_assert_msg(*line == '#', "%.40s", at);
		}
	}
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		good_parameters,
		bad_parameters,
		answers_and_errors,
		a_long_name_is_cut,
		methods_are_those_of_the_definition,
		errors_are_those_of_the_definition,
		names_are_those_of_the_machine,
		all_is_documented,
	};
	Suite *suite = suite_create("control/interface");
	TCase *tcase = tcase_create("interface");

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
