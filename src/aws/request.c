/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of a request, and their signature.
 */
#include "aws/request.h"

#include <assert.h>
#include <string.h>

#include "aws/credentials.h"
#include "aws/service.h"
#include "aws/sigv4.h"

#define AUTHORIZATION_MAX 1024
#define USER_AGENT        "keyguardd/" PACKAGE_VERSION

struct list {
	struct sigv4_header headers[REQUEST_HEADERS + 1];
	size_t count;
};

/* Adds a header that has a value. */
static void
add(struct list *list, const char *name, const char *value)
{
	if (value == NULL)
		return;
	assert(list->count < REQUEST_HEADERS);
	list->headers[list->count++] = (struct sigv4_header){ name, value };
}

/* The headers that are signed, Host being the first. */
static struct list
list_headers(const struct request *request, const struct endpoint *endpoint,
    const struct credentials *credentials, const char *date)
{
	const struct service *service = service_of(request->service);
	struct list list = { 0 };

	add(&list, "Host", endpoint->host);
	add(&list, "Content-Type", service->content_type);
	add(&list, "X-Amz-Date", date);
	add(&list, "X-Amz-Target", request->target);
	add(&list, "X-Amz-Security-Token", credentials->token.bytes);
	add(&list, "x-amzn-query-mode", service->query_mode ? "true" : NULL);
	return list;
}

static bool
authorize(const struct request *request, const struct endpoint *endpoint,
    const struct credentials *credentials, int64_t wall_ms,
    const struct list *list, struct buf *out, struct error *error)
{
	char hash[DIGEST_SHA256_HEX];
	struct sigv4_request what = {
		.method = "POST",
		.path = endpoint->path,
		.query = "",
		.headers = list->headers,
		.payload_hash = hash,
		.normalize_path = true,
	};
	struct sigv4_scope scope = {
		.wall_ms = wall_ms,
		.region = endpoint->region,
		.service = service_of(request->service)->signing_name,
	};

	digest_sha256_hex(request->body, strlen(request->body), hash);
	return sigv4_authorization(&what, &scope, credentials->access_key_id,
	    &credentials->secret_key, out, error);
}

void
request_signed_done(struct request_signed *sent)
{
	buf_done(&sent->authorization);
}

bool
request_sign(const struct request *request, const struct endpoint *endpoint,
    const struct credentials *credentials, int64_t wall_ms,
    struct request_signed *ret_signed, struct error *error)
{
	struct http_header *to = ret_signed->headers;
	struct list list;

	*ret_signed = (struct request_signed){
		.authorization = BUF_INIT(AUTHORIZATION_MAX),
	};
	stamp_amz(wall_ms, ret_signed->date);
	list = list_headers(request, endpoint, credentials, ret_signed->date);
	if (!authorize(request, endpoint, credentials, wall_ms, &list,
		&ret_signed->authorization, error))
		return false;
	for (size_t i = 1; i < list.count; i++)
		*to++ = (struct http_header){ list.headers[i].name,
			list.headers[i].value };
	*to++ = (struct http_header){ "Authorization",
		buf_text(&ret_signed->authorization) };
	*to++ = (struct http_header){ "User-Agent", USER_AGENT };
	return true;
}
