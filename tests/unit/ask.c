/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A caller of the model. It signs by the model's own steps: whether these are
 * right is what test_sandbox_sign asks, with vectors of others.
 */
#include "unit/ask.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <check.h>
#include <json-c/json.h>

#include "sandbox/model_canonical.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "util/stamp.h"
#include "util/xml.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

#define XML_LATER CLEANUP(xml_free_at)

/* JSON as C can hold it without escapes. */
static char *
quoted(const char *text)
{
	char *json = xstrdup(text);

	for (char *at = json; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	return json;
}

void
ask_load(struct ask *ask, const char *document)
{
	FREE_LATER char *json = quoted(document);
	DOC_LATER struct json_object *doc = NULL;
	struct error error;

	doc = doc_parse(json, strlen(json), &error);
	ck_assert_msg(doc != NULL, "%s", error.cause);
	ck_assert_msg(model_load(ask->model, doc, ask->now_ms, &error), "%s",
	    error.cause);
}

void
ask_init(struct ask *ask, const char *document)
{
	*ask = (struct ask){
		.model = model_new(1),
		.now_ms = ASK_NOW,
		.key_id = "AKIAI44QH8DHBEXAMPLE",
		.secret = SECRET,
		.region = "us-east-1",
	};
	ask_load(ask,
	    "{'users':[{'name':'daemon','keys':[{"
	    "'id':'AKIAI44QH8DHBEXAMPLE','secret':'" SECRET "'}]}]}");
	ask_load(ask, document);
}

static void
forget(struct ask *ask)
{
	model_answer_done(&ask->answer);
	doc_free(ask->doc);
	ask->doc = NULL;
}

void
ask_done(struct ask *ask)
{
	forget(ask);
	model_free(ask->model);
}

static void
read_answer(struct ask *ask)
{
	if (ask->answer.body_len > 0)
		ask->doc =
		    doc_parse(ask->answer.body, ask->answer.body_len, NULL);
}

void
ask_raw(struct ask *ask, const struct model_request *request)
{
	forget(ask);
	model_request(ask->model, request, ask->now_ms, &ask->answer);
	read_answer(ask);
}

void
ask_resume(struct ask *ask, uint64_t ticket)
{
	forget(ask);
	model_resume(ask->model, ticket, ask->now_ms, &ask->answer);
	read_answer(ask);
}

static char *
authorize(const struct ask *ask, const char *service,
    const struct model_request *request, const char *stamp)
{
	const char *list = ask->token == NULL
	    ? "host;x-amz-date"
	    : "host;x-amz-date;x-amz-security-token";
	FREE_LATER char *scope =
	    xasprintf("%.8s/%s/%s/aws4_request", stamp, ask->region, service);
	FREE_LATER char *signed_headers = NULL;
	CLEANUP(buf_done) struct buf canonical = BUF_INIT(65536);
	CLEANUP(buf_done) struct buf to_sign = BUF_INIT(65536);
	char signature[SIGNATURE_HEX];

	signed_headers = xasprintf("%s%s", list,
	    header_value(request, "x-amz-target") == NULL ? ""
							  : ";x-amz-target");
	ck_assert(canonical_request(request, signed_headers, &canonical));
	canonical_to_sign(&canonical, stamp, scope, &to_sign);
	canonical_signature(&to_sign, ask->secret, scope, signature);
	return xasprintf("AWS4-HMAC-SHA256 Credential=%s/%s, "
			 "SignedHeaders=%s, Signature=%s",
	    ask->key_id, scope, signed_headers, signature);
}

static void
add(struct model_header *headers, const char *name, const char *value)
{
	while (headers->name != NULL)
		headers++;
	if (value != NULL)
		*headers = (struct model_header){ name, value };
}

static void
send_signed(
    struct ask *ask, const char *service, const char *target, const char *body)
{
	struct model_header headers[8] = { { NULL, NULL } };
	struct model_request request = {
		.method = "POST",
		.target = "/",
		.headers = headers,
		.body = body,
		.body_len = strlen(body),
	};
	FREE_LATER char *authorization = NULL;
	char stamp[STAMP_AMZ];

	stamp_amz(ask->now_ms + ask->clock_ms, stamp);
	add(headers, "Host", "127.0.0.1:4566");
	add(headers, "X-Amz-Date", stamp);
	add(headers, "X-Amz-Security-Token", ask->token);
	add(headers, "X-Amz-Target", target);
	authorization = authorize(ask, service, &request, stamp);
	add(headers, "Authorization", authorization);
	ask_raw(ask, &request);
}

void
ask_query(struct ask *ask, const char *service, const char *version,
    const char *action, const char *form)
{
	FREE_LATER char *body =
	    xasprintf("Action=%s&Version=%s%s", action, version, form);

	send_signed(ask, service, NULL, body);
}

void
ask_json(
    struct ask *ask, const char *service, const char *target, const char *json)
{
	FREE_LATER char *body = quoted(json);

	send_signed(ask, service, target, body);
}

const char *
ask_header(const struct ask *ask, const char *name)
{
	for (size_t i = 0; ask->answer.headers[i].name != NULL; i++)
		if (strcasecmp(ask->answer.headers[i].name, name) == 0)
			return ask->answer.headers[i].value;
	return NULL;
}

void
ask_refused(
    const struct ask *ask, int status, const char *code, const char *message)
{
	XML_LATER struct xml *xml =
	    xml_parse(ask->answer.body, ask->answer.body_len, NULL);

	ck_assert_int_eq(ask->answer.status, status);
	ck_assert_str_eq(xml_root(xml), "ErrorResponse");
	ck_assert_str_eq(
	    xml_text(xml, "Error/Type"), status < 500 ? "Sender" : "Receiver");
	ck_assert_str_eq(xml_text(xml, "Error/Code"), code);
	if (message != NULL)
		ck_assert_str_eq(xml_text(xml, "Error/Message"), message);
	ck_assert_str_eq(
	    xml_text(xml, "RequestId"), ask_header(ask, "x-amzn-RequestId"));
}

char *
ask_text(const struct ask *ask, const char *path)
{
	XML_LATER struct xml *xml =
	    xml_parse(ask->answer.body, ask->answer.body_len, NULL);

	return xstrdup(xml_text(xml, path));
}

const char *
ask_string(const struct ask *ask, const char *path)
{
	return doc_string(ask->doc, path);
}

int64_t
ask_counter(const struct ask *ask, const char *name)
{
	DOC_LATER struct json_object *counters =
	    model_counters(ask->model, ask->now_ms);
	struct json_object *value = NULL;

	/* Names have dots: "IAM.DeleteAccessKey". */
	json_object_object_get_ex(counters, name, &value);
	return doc_int(value, "", 0);
}
