/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts and signing Regions, by every rule of aws-protocols 2. */
#include "aws/endpoint.h"
#include "unit/unit.h"

static const struct {
	enum aws_service service;
	const char *region, *custom;
	const char *url, *host, *path, *signed_region;
} endpoints[] = {
	{ AWS_SQS, "eu-west-1", NULL, "https://sqs.eu-west-1.amazonaws.com/",
	    "sqs.eu-west-1.amazonaws.com", "/", "eu-west-1" },
	{ AWS_CLOUDTRAIL, "mx-central-1", NULL,
	    "https://cloudtrail.mx-central-1.amazonaws.com/",
	    "cloudtrail.mx-central-1.amazonaws.com", "/", "mx-central-1" },
	{ AWS_SNS, "cn-north-1", NULL,
	    "https://sns.cn-north-1.amazonaws.com.cn/",
	    "sns.cn-north-1.amazonaws.com.cn", "/", "cn-north-1" },
	{ AWS_STS, "us-gov-east-1", NULL,
	    "https://sts.us-gov-east-1.amazonaws.com/",
	    "sts.us-gov-east-1.amazonaws.com", "/", "us-gov-east-1" },
	{ AWS_STS, "us-isob-east-1", NULL,
	    "https://sts.us-isob-east-1.sc2s.sgov.gov/",
	    "sts.us-isob-east-1.sc2s.sgov.gov", "/", "us-isob-east-1" },
	/* a Region of no known pattern is taken for a commercial one */
	{ AWS_SQS, "us-iso-somewhere", NULL,
	    "https://sqs.us-iso-somewhere.amazonaws.com/",
	    "sqs.us-iso-somewhere.amazonaws.com", "/", "us-iso-somewhere" },
	/* IAM is global, in each partition */
	{ AWS_IAM, "ap-south-2", NULL, "https://iam.amazonaws.com/",
	    "iam.amazonaws.com", "/", "us-east-1" },
	{ AWS_IAM, "cn-northwest-1", NULL,
	    "https://iam.cn-north-1.amazonaws.com.cn/",
	    "iam.cn-north-1.amazonaws.com.cn", "/", "cn-north-1" },
	{ AWS_IAM, "us-gov-east-1", NULL, "https://iam.us-gov.amazonaws.com/",
	    "iam.us-gov.amazonaws.com", "/", "us-gov-west-1" },
	{ AWS_IAM, "eusc-de-east-1", NULL,
	    "https://iam.eusc-de-east-1.amazonaws.eu/",
	    "iam.eusc-de-east-1.amazonaws.eu", "/", "eusc-de-east-1" },
	{ AWS_IAM, "us-iso-west-1", NULL,
	    "https://iam.us-iso-east-1.c2s.ic.gov/",
	    "iam.us-iso-east-1.c2s.ic.gov", "/", "us-iso-east-1" },
	{ AWS_IAM, "us-isob-east-1", NULL,
	    "https://iam.us-isob-east-1.sc2s.sgov.gov/",
	    "iam.us-isob-east-1.sc2s.sgov.gov", "/", "us-isob-east-1" },
	{ AWS_IAM, "eu-isoe-west-1", NULL,
	    "https://iam.eu-isoe-west-1.cloud.adc-e.uk/",
	    "iam.eu-isoe-west-1.cloud.adc-e.uk", "/", "eu-isoe-west-1" },
	{ AWS_IAM, "us-isof-east-1", NULL,
	    "https://iam.us-isof-south-1.csp.hci.ic.gov/",
	    "iam.us-isof-south-1.csp.hci.ic.gov", "/", "us-isof-south-1" },
	/* a custom URL keeps the Region that is signed; the Host header has no
	 * port where curl sends none */
	{ AWS_IAM, "eu-west-1", "http://127.0.0.1:4566",
	    "http://127.0.0.1:4566/", "127.0.0.1:4566", "/", "us-east-1" },
	{ AWS_SQS, "eu-west-1", "https://VPCE.Example.com:443/a%20b/c/",
	    "https://vpce.example.com/a%20b/c/", "vpce.example.com",
	    "/a%20b/c/", "eu-west-1" },
	{ AWS_SQS, "eu-west-1", "http://[::1]:80/", "http://[::1]/", "[::1]",
	    "/", "eu-west-1" },
	{ AWS_SQS, "eu-west-1", "https://[::1]:80/", "https://[::1]:80/",
	    "[::1]:80", "/", "eu-west-1" },
};

START_TEST(services_have_their_hosts)
{
	struct endpoint made;

	ck_assert(endpoint_resolve(endpoints[_i].service, endpoints[_i].region,
	    endpoints[_i].custom, &made, NULL));
	ck_assert_str_eq(made.url, endpoints[_i].url);
	ck_assert_str_eq(made.host, endpoints[_i].host);
	ck_assert_str_eq(made.path, endpoints[_i].path);
	ck_assert_str_eq(made.region, endpoints[_i].signed_region);
}
END_TEST

static const char *const no_regions[] = { "", "-east-1", "us east-1",
	"us-east-1.evil.example", "us-east-1/", "us\xc3\xa9", "aws-global",
	"aws-cn-global",
	"a-region-whose-name-is-longer-than-any-label-of-a-host-name-can-be" };

START_TEST(bad_regions_are_refused)
{
	struct endpoint made;
	struct error error;

	ck_assert(
	    !endpoint_resolve(AWS_SQS, no_regions[_i], NULL, &made, &error));
	ck_assert_str_eq(error.name, "Config.Region");
}
END_TEST

static const char *const no_endpoints[] = { "", "sqs.example.com",
	"ftp://example.com/", "http://example.com/", "https://u:p@example.com/",
	"https://example.com/?q", "https://ex\xc3\xa4mple.com/" };

START_TEST(bad_endpoints_are_refused)
{
	struct endpoint made;
	struct error error;

	ck_assert(!endpoint_resolve(
	    AWS_SQS, "us-east-1", no_endpoints[_i], &made, &error));
	ck_assert_str_eq(error.name, "Config.Endpoint");
}
END_TEST

static const struct {
	const char *url, *region;
} queues[] = {
	{ "https://sqs.us-east-1.amazonaws.com/123456789012/q", "us-east-1" },
	{ "https://sqs.us-gov-west-1.amazonaws.com/1/q", "us-gov-west-1" },
	{ "https://sqs.eusc-de-east-1.amazonaws.eu/1/q", "eusc-de-east-1" },
	{ "https://sqs.eu-west-2.api.aws/1/q", "eu-west-2" },
	{ "https://sqs-fips.us-west-2.amazonaws.com/1/q", "us-west-2" },
	{ "https://eu-west-1.queue.amazonaws.com/1/q", "eu-west-1" },
	{ "https://cn-north-1.queue.amazonaws.com.cn/1/q", "cn-north-1" },
	{ "https://queue.amazonaws.com/1/q", "us-east-1" },
	{ "https://vpce-0a1-b2.sqs.ap-south-1.vpce.amazonaws.com/1/q",
	    "ap-south-1" },
	{ "http://sqs.us-east-2.localhost.localstack.cloud:4566/0/q",
	    "us-east-2" },
	{ "http://127.0.0.1:5000/123456789012/q", NULL },
	{ "https://sqs.example.com/1/q", NULL },
	{ "https://sqs.us-east-1x.example.com/1/q", NULL },
	{ "https://example.com/sqs.us-east-1.x/q", NULL },
	{ "sqs", NULL },
	{ "", NULL },
};

START_TEST(queues_name_their_region)
{
	char region[ENDPOINT_REGION] = "kept";
	bool found = endpoint_queue_region(queues[_i].url, region);

	ck_assert(found == (queues[_i].region != NULL));
	ck_assert_str_eq(region, found ? queues[_i].region : "kept");
}
END_TEST

static const struct {
	const char *arn, *region;
} topics[] = {
	{ "arn:aws:sns:us-east-1:123456789012:t", "us-east-1" },
	{ "arn:aws-us-gov:sns:us-gov-west-1:1:t.fifo", "us-gov-west-1" },
	{ "arn:aws:sqs:us-east-1:123456789012:t", NULL },
	{ "arn:aws:sns::123456789012:t", NULL },
	{ "arn:aws:sns:us-east-1:123456789012:", NULL },
	{ "arn:aws:sns:us-east-1:123456789012", NULL },
	{ "arn:aws:sns:us_east:1:t", NULL },
	{ "", NULL },
};

START_TEST(topics_name_their_region)
{
	char region[ENDPOINT_REGION] = "kept";
	bool found = endpoint_topic_region(topics[_i].arn, region);

	ck_assert(found == (topics[_i].region != NULL));
	ck_assert_str_eq(region, found ? topics[_i].region : "kept");
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/endpoint");
	TCase *tests = tcase_create("endpoint");

	tcase_add_loop_test(
	    tests, services_have_their_hosts, 0, COUNT(endpoints));
	tcase_add_loop_test(
	    tests, bad_regions_are_refused, 0, COUNT(no_regions));
	tcase_add_loop_test(
	    tests, bad_endpoints_are_refused, 0, COUNT(no_endpoints));
	tcase_add_loop_test(tests, queues_name_their_region, 0, COUNT(queues));
	tcase_add_loop_test(tests, topics_name_their_region, 0, COUNT(topics));
	suite_add_tcase(suite, tests);
	return suite;
}
