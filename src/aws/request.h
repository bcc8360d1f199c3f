/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operation sends, and how it is signed. Pure: credentials and time
 * come with the call.
 */
#ifndef KG_AWS_REQUEST_H
#define KG_AWS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/client.h"
#include "aws/endpoint.h"
#include "loop/http.h"
#include "util/buf.h"
#include "util/stamp.h"

#define REQUEST_HEADERS 8

struct credentials;

struct request {
	enum aws_service service;
	const char *target; /* X-Amz-Target of AWS JSON; NULL: Query */
	char *body;         /* owned by whoever has the request */
	char region[ENDPOINT_REGION]; /* "": the client's own */
	int64_t timeout_ms;           /* 0: 10 s */
	size_t max_answer;            /* 0: 256 KiB */
	bool long_poll;
};

/* Headers of one attempt; they borrow from request, endpoint, credentials and
 * this struct itself. */
struct request_signed {
	struct http_header headers[REQUEST_HEADERS + 1];
	char date[STAMP_AMZ];
	struct buf authorization;
};

void request_signed_done(struct request_signed *sent);

/*
 * Makes the headers of
 *
 *	POST / HTTP/1.1
 *	Host: sqs.eu-west-1.amazonaws.com          (curl's; signed)
 *	Content-Type: application/x-amz-json-1.0
 *	X-Amz-Date: 20150830T123600Z
 *	X-Amz-Target: AmazonSQS.ReceiveMessage     (AWS JSON)
 *	X-Amz-Security-Token: ...                  (session credentials)
 *	x-amzn-query-mode: true                    (SQS)
 *	Authorization: AWS4-HMAC-SHA256 ...
 *	User-Agent: keyguardd/...                  (not signed)
 *
 * for the time `wall_ms`. False with `Aws.RequestTooLarge`.
 */
bool request_sign(const struct request *request,
    const struct endpoint *endpoint, const struct credentials *credentials,
    int64_t wall_ms, struct request_signed *ret_signed, struct error *error);

#endif
