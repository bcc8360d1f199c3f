/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core that cannot be made: why is said, and what was made of it is freed.
 */
#include "daemon/core.h"

#include <string.h>

#include "daemon/config.h"
#include "loop/loop.h"
#include "unit/unit.h"
#include "util/alloc.h"

static const struct {
	const char *endpoint_url, *ca_bundle, *name, *cause;
} unfit[] = {
	{ "", "/nowhere/ca.pem", "Config.TrustStore", "/nowhere/ca.pem" },
	{ "http://192.0.2.1", "", "Config.Endpoint", "192.0.2.1" },
};

START_TEST(a_configuration_that_does_not_fit_is_refused)
{
	const struct core_events events = { 0 };
	struct loop *loop = loop_new();
	struct config config = { 0 };
	struct error error;

	config.lookup_rate = 2;
	config.region = xstrdup("us-east-1");
	config.endpoint_url = xstrdup(unfit[_i].endpoint_url);
	config.ca_bundle = xstrdup(unfit[_i].ca_bundle);
	for (int i = 0; i < AWS_SERVICES; i++)
		config.endpoint[i] = xstrdup("");
	ck_assert_ptr_null(core_new(loop, &config, "host", &events, &error));
	ck_assert_str_eq(error.name, unfit[_i].name);
	ck_assert_msg(
	    strstr(error.cause, unfit[_i].cause) != NULL, "%s", error.cause);
	config_done(&config);
	loop_free(loop);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/core");
	TCase *tests = tcase_create("core");

	tcase_add_loop_test(tests, a_configuration_that_does_not_fit_is_refused,
	    0, sizeof unfit / sizeof unfit[0]);
	suite_add_tcase(suite, tests);
	return suite;
}
