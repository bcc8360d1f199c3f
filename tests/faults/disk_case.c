/* SPDX-License-Identifier: Apache-2.0 */
/* THE CASES. */
#include "faults/disk_case.h"

#define FIVE_KEYS                                                              \
	"{\"users\":[{\"name\":\"bob\",\"keys\":["                             \
	"{\"id\":\"AKIA111111111EXAMPLE\"},{\"id\":\"AKIA222222222EXAMPLE\"}," \
	"{\"id\":\"AKIA333333333EXAMPLE\"},{\"id\":\"AKIA444444444EXAMPLE\"}," \
	"{\"id\":\"AKIA555555555EXAMPLE\"}]}]}"

const struct disk_case disk_cases[] = {
	{
	    .name = "an exposed key",
	    .event = "exposed.json",
	    .minutes = 1,
	    .keys = { "AKIAIOSFODNN7EXAMPLE" },
	    .executions = 1,
	    .contained = 1,
	    .told = 1,
	},
	{
	    .name = "a key that IAM does not know",
	    .event = "two.json",
	    .state = "{\"faults\":[{\"service\":\"IAM\",\"do\":\"error\","
		     "\"status\":404,\"code\":\"NoSuchEntity\"}]}",
	    .minutes = 1,
	    .executions = 2,
	    .told = 2,
	    .again = 2,
	},
	{
	    .name = "CloudTrail refuses",
	    .event = "exposed.json",
	    .state = "{\"faults\":[{\"service\":\"CloudTrail\",\"do\":\"error\""
		     ",\"status\":400,\"code\":\"AccessDeniedException\"}]}",
	    .minutes = 1,
	    .keys = { "AKIAIOSFODNN7EXAMPLE" },
	    .executions = 1,
	    .contained = 1,
	    .told = 1,
	},
	{
	    .name = "five keys",
	    .event = "five.json",
	    .state = FIVE_KEYS,
	    .minutes = 1,
	    .keys = { "AKIA111111111EXAMPLE", "AKIA222222222EXAMPLE",
		"AKIA333333333EXAMPLE", "AKIA444444444EXAMPLE",
		"AKIA555555555EXAMPLE" },
	    .executions = 5,
	    .contained = 5,
	    .told = 5,
	},
	{
	    .name = "the breaker trips",
	    .event = "two.json",
	    .state = FIVE_KEYS,
	    .most = 1,
	    .minutes = 6,
	    .keys = { "AKIA111111111EXAMPLE", "AKIA222222222EXAMPLE" },
	    .executions = 3,
	    .contained = 2,
	    .told = 3,
	},
	{
	    .name = "a message that cannot be read",
	    .event = "{\"eventTypeCode\":\"AWS_RISK_CREDENTIALS_EXPOSED\",",
	    .minutes = 1,
	    .executions = 1,
	    .rejected = 1,
	    .told = 1,
	},
	{
	    .name = "a start after a crash",
	    .event = "exposed.json",
	    .begun = true,
	    .minutes = 1,
	    .keys = { "AKIAIOSFODNN7EXAMPLE" },
	    .executions = 1,
	    .contained = 1,
	    .told = 1,
	},
	{
	    .name = "a start after a crash with five keys",
	    .event = "five.json",
	    .state = FIVE_KEYS,
	    .begun = true,
	    .minutes = 1,
	    .keys = { "AKIA111111111EXAMPLE", "AKIA222222222EXAMPLE",
		"AKIA333333333EXAMPLE", "AKIA444444444EXAMPLE",
		"AKIA555555555EXAMPLE" },
	    .executions = 5,
	    .contained = 5,
	    .told = 5,
	},
	{
	    .name = "what is too much goes",
	    .earlier = "five.json",
	    .event = "exposed.json",
	    .state = FIVE_KEYS,
	    .kept = 2,
	    .minutes = 18,
	    .keys = { "AKIA111111111EXAMPLE", "AKIA222222222EXAMPLE",
		"AKIA333333333EXAMPLE", "AKIA444444444EXAMPLE",
		"AKIA555555555EXAMPLE", "AKIAIOSFODNN7EXAMPLE" },
	    .executions = 2,
	    .contained = 2,
	    .told = 6,
	},
	{ .name = NULL },
};
