/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both protocols: Query, whose parameters are a form and whose answers XML,
 * and AWS JSON.
 */
#include "scenarios/sent.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"

#define ROOM ((size_t)4 << 20)

static const struct {
	const char *host, *service;
} services[] = {
	{ "iam.", "IAM" },
	{ "cloudtrail.", "CloudTrail" },
	{ "sns.", "SNS" },
	{ "sqs.", "SQS" },
	{ "sts.", "STS" },
};

const char *
sent_service(const struct http_request *request)
{
	struct http_url url;
	bool ok = http_url_parse(request->message.url, &url, NULL);

	assert(ok);
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
		if (strncmp(url.host, services[i].host,
			strlen(services[i].host)) == 0)
			return services[i].service;
	return "unknown";
}

/* ---- parameters ---- */

/* "AmazonSQS.ReceiveMessage"; NULL in the Query protocol. */
static const char *
target(const struct http_request *request)
{
	const struct http_header *header = request->message.headers;

	for (; header->name != NULL; header++)
		if (strcasecmp(header->name, "X-Amz-Target") == 0)
			return header->value;
	return NULL;
}

static char *
form_decode(const char *text, size_t len)
{
	char *decoded = xmemdup0(text, len), *to = decoded;

	for (const char *from = text; from < text + len; from++) {
		char hex[3] = { 0 };

		if (*from == '%' && from + 2 < text + len) {
			memcpy(hex, from + 1, 2);
			*to++ = (char)strtol(hex, NULL, 16);
			from += 2;
		} else
			*to++ = *from == '+' ? ' ' : *from;
	}
	*to = '\0';
	return decoded;
}

static char *
form_param(const char *form, const char *name)
{
	size_t name_len = strlen(name), len;

	for (; *form != '\0'; form += len + (form[len] == '&')) {
		len = strcspn(form, "&");
		if (strncmp(form, name, name_len) == 0 && form[name_len] == '=')
			return form_decode(
			    form + name_len + 1, len - name_len - 1);
	}
	return NULL;
}

static char *
json_param(const struct http_message *message, const char *name)
{
	DOC_LATER struct json_object *doc =
	    doc_parse(message->body, message->body_len, NULL);
	struct json_object *attribute =
	    doc_element(doc_at(doc, "LookupAttributes"), 0);
	struct json_object *value = doc_at(doc, name);
	const char *key = doc_string(attribute, "AttributeKey");

	if (key != NULL && strcmp(key, name) == 0)
		value = doc_at(attribute, "AttributeValue");
	if (value == NULL)
		return NULL;
	if (doc_string(value, "") != NULL)
		return xstrdup(doc_string(value, ""));
	return doc_text(value);
}

char *
sent_action(const struct http_request *request)
{
	const char *name = target(request);

	if (name == NULL)
		return form_param(request->message.body, "Action");
	return xstrdup(strrchr(name, '.') + 1);
}

char *
sent_param(const struct http_request *request, const char *name)
{
	if (target(request) == NULL)
		return form_param(request->message.body, name);
	return json_param(&request->message, name);
}

/* ---- answers ---- */

void
sent_answer(struct http_request *request, int status, const char *body)
{
	bool json = target(request) != NULL;
	struct http_answer answer = {
		.status = status,
		.body = body,
		.body_len = strlen(body),
		.request_id = json ? "r-json" : NULL,
		.content_type =
		    json ? "application/x-amz-json-1.1" : "text/xml",
	};

	fake_http_answer(request, &answer);
}

static void
add_xml(struct buf *out, const char *name, const char *text)
{
	if (text == NULL)
		return;
	buf_printf(out, "<%s>", name);
	for (; *text != '\0'; text++)
		if (strchr("<>&", *text) != NULL)
			buf_printf(out, "&#%d;", *text);
		else
			buf_add(out, text, 1);
	buf_printf(out, "</%s>", name);
}

/* <ActionResponse><ActionResult>...; */
static void
answer_result(struct http_request *request, const struct buf *result)
{
	FREE_LATER char *action = sent_action(request);
	FREE_LATER char *body =
	    xasprintf("<%sResponse><%sResult>%s</%sResult><ResponseMetadata>"
		      "<RequestId>r-xml</RequestId></ResponseMetadata>"
		      "</%sResponse>",
		action, action, buf_text(result), action, action);

	sent_answer(request, 200, body);
}

void
sent_answer_ok(struct http_request *request, const char *id)
{
	struct buf result = BUF_INIT(ROOM);

	add_xml(&result, "MessageId", id);
	add_xml(&result, "Account", id);
	add_xml(&result, "Arn", "arn:aws:sts::123456789012:user/keyguard");
	add_xml(&result, "UserId", "AIDACKCEVSQ6C2EXAMPLE");
	answer_result(request, &result);
	buf_done(&result);
}

void
sent_answer_error(struct http_request *request, int status, const char *code,
    const char *message)
{
	DOC_LATER struct json_object *doc = doc_object();
	FREE_LATER char *json = NULL;
	struct buf xml = BUF_INIT(ROOM);

	doc_put_string(doc, "__type", code);
	doc_put_string(doc, "message", message);
	json = doc_text(doc);
	buf_puts(&xml, "<ErrorResponse><Error>");
	add_xml(&xml, "Code", code);
	add_xml(&xml, "Message", message);
	buf_puts(&xml, "</Error><RequestId>r-xml</RequestId></ErrorResponse>");
	sent_answer(request, status, target(request) ? json : buf_text(&xml));
	buf_done(&xml);
}

void
sent_answer_owner(struct http_request *request, const char *user,
    const char *date, const char *service, const char *region)
{
	struct buf result = BUF_INIT(ROOM);

	add_xml(&result, "UserName", user);
	buf_puts(&result, "<AccessKeyLastUsed>");
	add_xml(&result, "LastUsedDate", date);
	add_xml(&result, "ServiceName", service == NULL ? "N/A" : service);
	add_xml(&result, "Region", region == NULL ? "N/A" : region);
	buf_puts(&result, "</AccessKeyLastUsed>");
	answer_result(request, &result);
	buf_done(&result);
}

/* Cuts "Type=Name" in place. */
static struct json_object *
resource(char *word)
{
	struct json_object *doc = doc_object();
	char *name = word, *type = strsep(&name, "=");

	doc_put_string(doc, "ResourceType", type);
	doc_put_string(doc, "ResourceName", name);
	return doc;
}

static void
push_events(struct json_object *events, const char *line, size_t len)
{
	FREE_LATER char *copy = xmemdup0(line, len);
	char *rest = copy, *word = strsep(&rest, " ");
	struct json_object *resources = doc_array();
	DOC_LATER struct json_object *event = doc_object();
	FREE_LATER char *text = NULL;
	int count = isdigit((unsigned char)*word) ? atoi(word) : 1;

	if (isdigit((unsigned char)*word))
		word = strsep(&rest, " ");
	doc_put_string(event, "EventName", word);
	while ((word = strsep(&rest, " ")) != NULL)
		doc_push(resources, resource(word));
	doc_put(event, "Resources", resources);
	text = doc_text(event);
	while (count-- > 0)
		doc_push(events, doc_parse(text, strlen(text), NULL));
}

void
sent_answer_events(
    struct http_request *request, const char *lines, const char *token)
{
	DOC_LATER struct json_object *doc = doc_object();
	struct json_object *events = doc_array();
	FREE_LATER char *text = NULL;
	size_t len;

	for (; *lines != '\0'; lines += len + (lines[len] == '\n')) {
		len = strcspn(lines, "\n");
		push_events(events, lines, len);
	}
	doc_put(doc, "Events", events);
	doc_put_string(doc, "NextToken", token);
	text = doc_text(doc);
	sent_answer(request, 200, text);
}
