/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scenarios of an AWS SDK that are about the environment and static keys
 * in the shared credentials file, where they are present.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/credentials.h"
#include "loop/loop.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

static char *
load(const char *path)
{
	struct buf text = BUF_INIT(64 << 10);
	FILE *file = fopen(path, "r");
	int c;

	if (file == NULL)
		return NULL;
	while ((c = getc(file)) != EOF)
		buf_printf(&text, "%c", c);
	fclose(file);
	return buf_take(&text);
}

struct scenario {
	struct json_object *variables;
	const char *home; /* in place of /home */
	struct json_object *expected;
	struct loop *loop;
};

static const char *
scenario_env(void *arg, const char *name)
{
	struct scenario *scenario = arg;

	if (strcmp(name, "HOME") == 0)
		return scenario->home;
	return doc_string(scenario->variables, name);
}

static void
on_found(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct scenario *scenario = arg;

	ck_assert_msg(error == NULL, "%s", error != NULL ? error->cause : "");
	ck_assert_str_eq(credentials->access_key_id,
	    doc_string(scenario->expected, "result.Ok.access_key_id"));
	ck_assert_str_eq(credentials->secret_key.bytes,
	    doc_string(scenario->expected, "result.Ok.secret_access_key"));
	loop_stop(scenario->loop);
}

static const char *const scenarios[] = {
	"environment_variables",
	"prefer_environment",
	"profile_static_keys",
	"profile_static_keys_case_insensitive",
};

START_TEST(published_scenarios)
{
	const char *given = getenv("KEYGUARD_VECTORS");
	const char *top = getenv("srcdir");
	FREE_LATER char *vectors = given != NULL
	    ? xstrdup(given)
	    : xasprintf("%s/../shared/vectors", top != NULL ? top : ".");
	FREE_LATER char *path =
	    xasprintf("%s/aws-config/default-credential-provider-chain/%s",
		vectors, scenarios[_i]);
	FREE_LATER char *env_path = xasprintf("%s/env.json", path);
	FREE_LATER char *case_path = xasprintf("%s/test-case.json", path);
	FREE_LATER char *env_text = load(env_path);
	FREE_LATER char *case_text = load(case_path);
	FREE_LATER char *home = xasprintf("%s/fs/home", path);

	if (env_text == NULL) {
		printf("# %s: skipped, vectors not present\n", path);
		return;
	}
	DOC_LATER struct json_object *variables =
	    doc_parse(env_text, strlen(env_text), NULL);
	DOC_LATER struct json_object *expected =
	    doc_parse(case_text, strlen(case_text), NULL);
	struct scenario scenario = {
		.variables = variables,
		.home = home,
		.expected = expected,
		.loop = loop_new(),
	};
	struct credentials_provider *provider =
	    credentials_chain_new(scenario.loop,
		&(struct credentials_sources){ scenario_env, &scenario });
	struct credentials_wait wait = { .found = on_found, .arg = &scenario };

	provider->get(provider->self, &wait);
	loop_run(scenario.loop);
	provider->free(provider->self);
	loop_free(scenario.loop);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/cred_scenarios");
	TCase *tests = tcase_create("cred_scenarios");

	tcase_add_loop_test(tests, published_scenarios, 0,
	    sizeof scenarios / sizeof *scenarios);
	suite_add_tcase(suite, tests);
	return suite;
}
