/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order in which AWS looks at a signature: its form, the key, the session
 * token, the clock, the scope, and the signature itself last.
 */
#include "sandbox/model_sign.h"

#include <string.h>
#include <strings.h>

#include "sandbox/model_canonical.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/stamp.h"

#define WINDOW_MS     MINUTES(15)
#define CANONICAL_MAX ((size_t)1 << 16)

/* The Authorization header, taken apart; all within one copy of it. */
struct authorization {
	char *text;
	const char *key_id;
	const char *scope; /* from the date on */
	const char *signed_headers;
	const char *signature;
};

static void
authorization_done(struct authorization *authorization)
{
	free(authorization->text);
}

static void
take_part(struct authorization *ret, char *part)
{
	part += strspn(part, " ");
	if (strncmp(part, "Credential=", 11) == 0) {
		char *slash = strchr(part, '/');

		ret->key_id = part + 11;
		if (slash != NULL) {
			*slash = '\0';
			ret->scope = slash + 1;
		}
	} else if (strncmp(part, "SignedHeaders=", 14) == 0) {
		ret->signed_headers = part + 14;
	} else if (strncmp(part, "Signature=", 10) == 0) {
		ret->signature = part + 10;
	}
}

static bool
parse(struct call *call, const char *header, struct authorization *ret)
{
	static const char algorithm[] = "AWS4-HMAC-SHA256 ";
	char *rest = NULL;

	if (header == NULL)
		return call_fail(call, "MissingAuthenticationToken", NULL);
	if (strncmp(header, algorithm, strlen(algorithm)) != 0)
		return call_fail(call, "IncompleteSignature",
		    "Unsupported AWS 'algorithm': '%s'.", header);
	ret->text = xstrdup(header + strlen(algorithm));
	for (char *part = strtok_r(ret->text, ",", &rest); part != NULL;
	     part = strtok_r(NULL, ",", &rest))
		take_part(ret, part);
	if (ret->scope == NULL || ret->signed_headers == NULL ||
	    ret->signature == NULL)
		return call_fail(call, "IncompleteSignature",
		    "Authorization header requires 'Credential', "
		    "'SignedHeaders' and 'Signature'. Authorization=%s",
		    header);
	return true;
}

static const struct key *
find_key(const struct model *model, const char *id)
{
	const struct key *key;

	STAILQ_FOREACH (key, &model->keys, next)
		if (key->deleted_ms == 0 && key->active &&
		    strcmp(key->id, id) == 0)
			return key;
	return NULL;
}

static bool
check_key(
    struct call *call, const struct model_request *request, const char *id)
{
	const char *token = header_value(request, "X-Amz-Security-Token");
	const struct key *key = find_key(call->model, id);

	if (key == NULL || (key->token == NULL) != (token == NULL) ||
	    (token != NULL && strcmp(token, key->token) != 0))
		return call_fail(call, "InvalidClientTokenId", NULL);
	if (key->expires_ms != 0 && key->expires_ms <= call->now_ms)
		return call_fail(call, "ExpiredToken", NULL);
	call->key = key;
	return true;
}

/* "20150830T123600Z" as milliseconds. */
static bool
parse_stamp(const char *stamp, int64_t *ret_ms)
{
	FREE_LATER char *full = NULL;

	if (strlen(stamp) != STAMP_AMZ - 1)
		return false;
	full = xasprintf("%.4s-%.2s-%.5s:%.2s:%.3s", stamp, stamp + 4,
	    stamp + 6, stamp + 11, stamp + 13);
	return stamp_parse(full, ret_ms);
}

static bool
check_clock(struct call *call, const char *stamp, int64_t stamp_ms)
{
	int64_t now_ms = call->now_ms;
	char now[STAMP_AMZ], edge[STAMP_AMZ];

	stamp_amz(now_ms, now);
	if (stamp_ms < now_ms - WINDOW_MS) {
		stamp_amz(now_ms - WINDOW_MS, edge);
		return call_fail(call, "SignatureDoesNotMatch",
		    "Signature expired: %s is now earlier than %s "
		    "(%s - 15 min.)",
		    stamp, edge, now);
	}
	if (stamp_ms > now_ms + WINDOW_MS) {
		stamp_amz(now_ms + WINDOW_MS, edge);
		return call_fail(call, "SignatureDoesNotMatch",
		    "Signature not yet current: %s is still later than %s "
		    "(%s + 15 min.)",
		    stamp, edge, now);
	}
	return true;
}

/* Cuts the first part off a scope; NULL when there is none left. */
static char *
scope_part(char **rest)
{
	return strsep(rest, "/");
}

static bool
check_scope(struct call *call, const char *scope, const char *stamp)
{
	const struct service *service = call->service;
	FREE_LATER char *copy = xstrdup(scope);
	char *rest = copy;
	const char *date = scope_part(&rest), *region = scope_part(&rest);
	const char *name = scope_part(&rest), *end = scope_part(&rest);

	if (end == NULL || rest != NULL || strcmp(end, "aws4_request") != 0)
		return call_fail(call, "IncompleteSignature",
		    "Credential must have exactly 5 slash-delimited elements, "
		    "the last of them 'aws4_request'");
	if (strlen(date) != 8 || strncmp(date, stamp, 8) != 0)
		return call_fail(call, "SignatureDoesNotMatch",
		    "Date in Credential scope does not match YYYYMMDD from "
		    "ISO-8601 version of date from HTTP: '%s' != '%.8s', from "
		    "'%s'.",
		    date, stamp, stamp);
	if (strcmp(name, service->signing_name) != 0)
		return call_fail(call, "SignatureDoesNotMatch",
		    "Credential should be scoped to correct service: '%s'.",
		    service->signing_name);
	if (*region == '\0' ||
	    (service->region != NULL && strcmp(region, service->region) != 0))
		return call_fail(call, "SignatureDoesNotMatch",
		    "Credential should be scoped to a valid region.");
	call->region = xstrdup(region);
	return true;
}

/* Whether a name is in a list like "host;x-amz-date". */
static bool
listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (; *list != '\0'; list += strcspn(list, ";"), list += *list == ';')
		if (strncasecmp(list, name, len) == 0 &&
		    (list[len] == ';' || list[len] == '\0'))
			return true;
	return false;
}

/* What must be signed is: the host and every x-amz- header. */
static bool
check_signed(struct call *call, const struct model_request *request,
    const char *signed_headers)
{
	const struct model_header *header = request->headers;

	for (; header->name != NULL; header++)
		if ((strcasecmp(header->name, "host") == 0 ||
			strncasecmp(header->name, "x-amz-", 6) == 0) &&
		    !listed(signed_headers, header->name))
			return call_fail(call, "SignatureDoesNotMatch",
			    "'%s' must be a 'SignedHeader' in the AWS "
			    "Authorization.",
			    header->name);
	return true;
}

static bool
check_signature(struct call *call, const struct model_request *request,
    const struct authorization *authorization, const char *stamp)
{
	CLEANUP(buf_done) struct buf canonical = BUF_INIT(CANONICAL_MAX);
	CLEANUP(buf_done) struct buf to_sign = BUF_INIT(CANONICAL_MAX);
	char signature[SIGNATURE_HEX];

	if (!canonical_request(
		request, authorization->signed_headers, &canonical))
		return call_fail(call, "SignatureDoesNotMatch",
		    "A signed header is missing or out of order: %s",
		    authorization->signed_headers);
	canonical_to_sign(&canonical, stamp, authorization->scope, &to_sign);
	canonical_signature(
	    &to_sign, call->key->secret, authorization->scope, signature);
	if (strcmp(signature, authorization->signature) == 0)
		return true;
	return call_fail(call, "SignatureDoesNotMatch",
	    "The request signature we calculated does not match the signature "
	    "you provided. Check your AWS Secret Access Key and signing "
	    "method. Consult the service documentation for details.\n\n"
	    "The Canonical String for this request should have been\n'%s'\n\n"
	    "The String-to-Sign should have been\n'%s'\n",
	    buf_text(&canonical), buf_text(&to_sign));
}

bool
sign_check(struct call *call, const struct model_request *request)
{
	CLEANUP(authorization_done) struct authorization authorization = { 0 };
	const char *stamp = header_value(request, "X-Amz-Date");
	int64_t stamp_ms;

	if (!parse(
		call, header_value(request, "Authorization"), &authorization))
		return false;
	if (stamp == NULL || !parse_stamp(stamp, &stamp_ms))
		return call_fail(call, "IncompleteSignature",
		    "Authorization header requires existence of a valid "
		    "'X-Amz-Date' header.");
	if (!check_key(call, request, authorization.key_id) ||
	    !check_clock(call, stamp, stamp_ms) ||
	    !check_scope(call, authorization.scope, stamp) ||
	    !check_signed(call, request, authorization.signed_headers) ||
	    !check_signature(call, request, &authorization, stamp))
		return false;
	doc_put_string(call->entry, "signer", call->key->id);
	return true;
}
