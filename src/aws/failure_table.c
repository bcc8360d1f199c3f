/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table (aws-protocols 1.9, 3.3 to 3.8, 4.1). What is not in it, or in it
 * without a class, is worth a second try only if the status says so.
 */
#include "aws/failure_table.h"

#include <stdio.h>
#include <string.h>

#include "aws/failure.h"

#define SQS        (1u << AWS_SQS)
#define IAM        (1u << AWS_IAM)
#define CLOUDTRAIL (1u << AWS_CLOUDTRAIL)
#define SNS        (1u << AWS_SNS)
#define STS        (1u << AWS_STS)
#define ANY        (SQS | IAM | CLOUDTRAIL | SNS | STS)
#define JSON       (SQS | CLOUDTRAIL)
#define OLD        "AWS.SimpleQueueService."

/* clang-format off */
#define ROW(services, code, query, class, blame) \
	{ code, query, services, CLASS_##class, BLAME_##blame }
#define THROTTLED(services, code) ROW(services, code, NULL, THROTTLED, NOTHING)
#define TRANSIENT(services, code) ROW(services, code, NULL, TRANSIENT, NOTHING)
#define BLAMES(blame, services, code) ROW(services, code, NULL, NONE, blame)
#define SPELLED(code, query)	  ROW(SQS, code, query, NONE, NOTHING)

static const struct failure_code table[] = {
	/* Too much: slow down. */
	THROTTLED(ANY, "Throttling"),
	THROTTLED(ANY, "ThrottlingException"),
	THROTTLED(ANY, "ThrottledException"),
	THROTTLED(ANY, "RequestThrottledException"),
	THROTTLED(ANY, "RequestThrottled"),
	THROTTLED(ANY, "TooManyRequestsException"),
	THROTTLED(ANY, "ProvisionedThroughputExceededException"),
	THROTTLED(ANY, "TransactionInProgressException"),
	THROTTLED(ANY, "RequestLimitExceeded"),
	THROTTLED(ANY, "BandwidthLimitExceeded"),
	THROTTLED(ANY, "LimitExceededException"),
	THROTTLED(ANY, "SlowDown"),
	THROTTLED(ANY, "PriorRequestNotComplete"),
	THROTTLED(ANY, "EC2ThrottledException"),
	ROW(SQS, "KmsThrottled", "KMS.ThrottlingException", THROTTLED, NOTHING),
	THROTTLED(SNS, "KMSThrottling"),
	THROTTLED(SNS, "Throttled"),

	/* Passing faults: again. */
	TRANSIENT(ANY, "RequestTimeout"),
	TRANSIENT(ANY, "RequestTimeoutException"),
	TRANSIENT(ANY, "InternalError"),
	TRANSIENT(ANY, "InternalFailure"),
	TRANSIENT(ANY, "ServiceUnavailable"),
	TRANSIENT(JSON, "InternalServerError"),
	TRANSIENT(JSON, "ServiceUnavailableException"),
	TRANSIENT(IAM, "ServiceFailure"),
	TRANSIENT(IAM, "EntityTemporarilyUnmodifiable"),
	TRANSIENT(STS, "IDPCommunicationError"),
	TRANSIENT(SQS, "OverLimit"),

	/* Perhaps our clock is wrong. */
	ROW(SQS, "InvalidSignatureException", "SignatureDoesNotMatch",
	    NONE, CLOCK),
	BLAMES(CLOCK, ANY, "InvalidSignatureException"),
	BLAMES(CLOCK, ANY, "SignatureDoesNotMatch"),
	BLAMES(CLOCK, ANY, "AuthFailure"),
	BLAMES(CLOCK, ANY, "RequestTimeTooSkewed"),
	BLAMES(CLOCK, ANY, "RequestExpired"),
	BLAMES(CLOCK, ANY, "AccessDeniedException"),

	/* Credentials that are no good any more: as if there were none. */
	ROW(ANY, "ExpiredToken", NULL, TRANSIENT, TOKEN),
	ROW(ANY, "ExpiredTokenException", NULL, TRANSIENT, TOKEN),
	ROW(ANY, "InvalidClientTokenId", NULL, TRANSIENT, KEY),
	ROW(ANY, "UnrecognizedClientException", NULL, TRANSIENT, KEY),

	/* Nothing mends these; SQS spells them in two ways. */
	SPELLED("QueueDoesNotExist", OLD "NonExistentQueue"),
	SPELLED("QueueDeletedRecently", OLD "QueueDeletedRecently"),
	SPELLED("MessageNotInflight", OLD "MessageNotInflight"),
	SPELLED("UnsupportedOperation", OLD "UnsupportedOperation"),
	SPELLED("TooManyEntriesInBatchRequest",
	    OLD "TooManyEntriesInBatchRequest"),
	SPELLED("EmptyBatchRequest", OLD "EmptyBatchRequest"),
	SPELLED("BatchEntryIdsNotDistinct", OLD "BatchEntryIdsNotDistinct"),
	SPELLED("InvalidBatchEntryId", OLD "InvalidBatchEntryId"),
	SPELLED("BatchRequestTooLong", OLD "BatchRequestTooLong"),
	SPELLED("KmsAccessDenied", "KMS.AccessDeniedException"),
	SPELLED("KmsDisabled", "KMS.DisabledException"),
	SPELLED("KmsNotFound", "KMS.NotFoundException"),
	SPELLED("KmsInvalidState", "KMS.InvalidStateException"),
	SPELLED("KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException"),
	SPELLED("KmsOptInRequired", "KMS.OptInRequired"),
	SPELLED("InvalidParameterValueException", "InvalidParameterValue"),
	SPELLED("MissingRequiredParameterException", "MissingParameter"),
};
/* clang-format on */

#define ROWS (sizeof table / sizeof *table)

const struct failure_code *
failure_find(enum aws_service service, const char *code)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct failure_code *row = &table[i];

		if ((row->services & 1u << service) != 0 &&
		    (strcmp(row->code, code) == 0 ||
			(row->query != NULL && strcmp(row->query, code) == 0)))
			return row;
	}
	return NULL;
}

enum error_class
failure_class(enum aws_service service, const char *code)
{
	const struct failure_code *row = failure_find(service, code);

	return row != NULL ? row->class : CLASS_NONE;
}

enum failure_blame
failure_blame(enum aws_service service, const struct error *failure)
{
	const char *dot = strchr(failure->name, '.');
	const struct failure_code *row =
	    dot != NULL ? failure_find(service, dot + 1) : NULL;

	return row != NULL ? row->blame : BLAME_NOTHING;
}

/* Our own names with a class. Of the statuses without a code, all of which are
 * transient but one, those that proxies and broken servers send. */
/* clang-format off */
static const struct {
	const char *name;
	enum error_class class;
} own_names[] = {
	{ "Http.Status429", CLASS_THROTTLED },
	{ "Http.Status302", CLASS_TRANSIENT },
	{ "Http.Status400", CLASS_TRANSIENT },
	{ "Http.Status403", CLASS_TRANSIENT },
	{ "Http.Status404", CLASS_TRANSIENT },
	{ "Http.Status407", CLASS_TRANSIENT },
	{ "Http.Status500", CLASS_TRANSIENT },
	{ "Http.Status502", CLASS_TRANSIENT },
	{ "Http.Status503", CLASS_TRANSIENT },
	{ "Http.Status504", CLASS_TRANSIENT },
	{ "Http.NameNotResolved", CLASS_TRANSIENT },
	{ "Http.ConnectFailed", CLASS_TRANSIENT },
	{ "Http.TlsFailed", CLASS_TRANSIENT },
	{ "Http.Timeout", CLASS_TRANSIENT },
	{ "Http.Reset", CLASS_TRANSIENT },
	{ "Http.Malformed", CLASS_TRANSIENT },
	{ "Aws.MalformedAnswer", CLASS_TRANSIENT },
	{ "Aws.NoCredentials", CLASS_TRANSIENT },
};
/* clang-format on */

static unsigned
service_bit(const char *name)
{
	for (unsigned i = 0; i < AWS_SERVICES; i++)
		if (strcmp(aws_service_name(i), name) == 0)
			return 1u << i;
	return 0;
}

void
failure_expand(const char *class_name, const char *service,
    void (*each)(void *arg, const char *name), void *arg)
{
	enum error_class class = error_class_parse(class_name);
	unsigned bit = service_bit(service);
	char name[sizeof((struct error *)0)->name];

	if (class == CLASS_NONE)
		return;
	for (size_t i = 0; i < ROWS; i++) {
		if (table[i].class != class || (table[i].services & bit) == 0)
			continue;
		snprintf(name, sizeof name, "%s.%s", service, table[i].code);
		each(arg, name);
	}
	for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
		if (own_names[i].class == class)
			each(arg, own_names[i].name);
}
