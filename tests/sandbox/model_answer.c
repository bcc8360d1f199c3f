/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every answer is made of: headers, the envelope of each protocol, and
 * errors in both spellings. The one table of errors is here.
 */
#include "sandbox/model_answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/doc.h"

#define XML_START "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

struct spelling {
	const struct service *service; /* NULL: of them all */
	const char *query;
	const char *json; /* NULL: as in `query` */
	int query_status;
	int json_status;
	const char *message;
};

#define QUEUES "AWS.SimpleQueueService."

/* The first row that fits wins. */
static const struct spelling spellings[] = {
	{ &sqs_service, "SignatureDoesNotMatch", "InvalidSignatureException",
	    403, 403, "The request signature does not match." },
	{ NULL, "SignatureDoesNotMatch", "InvalidSignatureException", 403, 400,
	    "The request signature does not match." },
	{ NULL, "InvalidClientTokenId", "UnrecognizedClientException", 403, 400,
	    "The security token included in the request is invalid." },
	{ NULL, "ExpiredToken", "ExpiredTokenException", 403, 400,
	    "The security token included in the request is expired" },
	{ NULL, "MissingAuthenticationToken",
	    "MissingAuthenticationTokenException", 403, 400,
	    "Request is missing Authentication Token" },
	{ NULL, "IncompleteSignature", "IncompleteSignatureException", 400, 400,
	    "Request must contain a signature that conforms to AWS "
	    "standards" },
	{ NULL, "AccessDenied", "AccessDeniedException", 403, 400,
	    "User is not authorized to perform this operation" },
	{ NULL, "InvalidAction", "UnknownOperationException", 400, 404,
	    "The requested operation is not known" },
	{ NULL, "MalformedQueryString", "SerializationException", 400, 400,
	    "The body cannot be read" },
	{ NULL, "Throttling", "ThrottlingException", 400, 400,
	    "Rate exceeded" },
	{ &sns_service, "Throttled", NULL, 429, 429, "Rate exceeded" },
	{ &sqs_service, "RequestThrottled", NULL, 403, 403,
	    "Request is throttled." },
	{ NULL, "ServiceUnavailable", "ServiceUnavailableException", 503, 503,
	    "Service is unavailable" },
	{ NULL, "InternalFailure", NULL, 500, 500,
	    "The request processing has failed" },
	{ NULL, "InternalError", "InternalServerError", 500, 500,
	    "We encountered an internal error. Please try again." },
	{ NULL, "ServiceFailure", NULL, 500, 500, "Service failure" },
	{ NULL, "NoSuchEntity", NULL, 404, 404, "It cannot be found." },
	{ NULL, "LimitExceeded", NULL, 409, 409, "The limit is exceeded." },
	{ NULL, "EntityTemporarilyUnmodifiable", NULL, 409, 409,
	    "The entity is being changed." },
	{ NULL, "NotFound", NULL, 404, 404, "Topic does not exist" },
	{ NULL, "AuthorizationError", NULL, 403, 403,
	    "User is not authorized to perform: SNS:Publish" },
	{ NULL, QUEUES "NonExistentQueue", "QueueDoesNotExist", 400, 400,
	    "The specified queue does not exist." },
	{ NULL, QUEUES "EmptyBatchRequest", "EmptyBatchRequest", 400, 400,
	    "There should be at least one entry in the request." },
	{ NULL, QUEUES "TooManyEntriesInBatchRequest",
	    "TooManyEntriesInBatchRequest", 400, 400,
	    "Maximum number of entries per request are 10." },
	{ NULL, QUEUES "BatchEntryIdsNotDistinct", "BatchEntryIdsNotDistinct",
	    400, 400, "Two or more batch entries have the same Id." },
	{ NULL, QUEUES "InvalidBatchEntryId", "InvalidBatchEntryId", 400, 400,
	    "A batch entry id can only contain alphanumeric characters, "
	    "hyphens and underscores. It can be at most 80 letters long." },
	{ NULL, "ReceiptHandleIsInvalid", NULL, 404, 404,
	    "The input receipt handle is invalid." },
	{ NULL, "InvalidAddress", NULL, 404, 404,
	    "The address is not valid for this endpoint." },
	{ NULL, "OverLimit", NULL, 403, 403,
	    "Too many messages are in flight." },
	{ NULL, "InvalidParameterValue", "InvalidParameterValueException", 400,
	    400, "A parameter has no valid value." },
	{ NULL, "MissingParameter", "MissingRequiredParameterException", 400,
	    400, "A parameter is missing." },
	{ NULL, "ValidationError", "ValidationException", 400, 400,
	    "The input does not satisfy its constraints." },
};

static const struct spelling *
find_spelling(const struct service *service, const char *code)
{
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
		const struct spelling *name = &spellings[i];

		if ((name->service == NULL || name->service == service) &&
		    (strcmp(name->query, code) == 0 ||
			(name->json != NULL && strcmp(name->json, code) == 0)))
			return name;
	}
	return NULL;
}

void
answer_header(struct model_answer *answer, const char *name, char *value)
{
	size_t i = 0;

	while (i < MODEL_HEADERS - 1 && answer->headers[i].name != NULL &&
	    strcasecmp(answer->headers[i].name, name) != 0)
		i++;
	free(answer->headers[i].value);
	answer->headers[i].name = name;
	answer->headers[i].value = value;
}

void
answer_body(struct model_answer *answer, const char *body, size_t len)
{
	free(answer->body);
	answer->body = xmemdup0(body, len);
	answer->body_len = len;
}

void
model_answer_done(struct model_answer *answer)
{
	for (size_t i = 0; i < MODEL_HEADERS; i++)
		free(answer->headers[i].value);
	free(answer->body);
	*answer = (struct model_answer){ 0 };
}

void
xml_escape(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '\r':
			buf_puts(out, "&#13;");
			break;
		default:
			buf_add(out, text, 1);
		}
	}
}

void
xml_element(struct buf *out, const char *name, const char *text)
{
	if (text == NULL)
		return;
	buf_printf(out, "<%s>", name);
	xml_escape(out, text);
	buf_printf(out, "</%s>", name);
}

void
call_xml(struct call *call, const char *name, const char *text)
{
	xml_element(&call->xml, name, text);
}

/* Sets what an answer of this call bears whatever it says. */
static void
common(struct call *call, int status, const char *content_type)
{
	call->answer->status = status;
	answer_header(
	    call->answer, "x-amzn-RequestId", xstrdup(call->request_id));
	answer_header(call->answer, "Content-Type", xstrdup(content_type));
}

static void
common_xml(struct call *call, int status, struct buf *body)
{
	common(call, status, "text/xml");
	answer_body(call->answer, buf_text(body), body->len);
	buf_done(body);
}

static void
common_json(struct call *call, int status, struct json_object *body)
{
	FREE_LATER char *text = doc_text(body);

	common(call, status, call->service->content_type);
	answer_body(call->answer, text, strlen(text));
}

static void
finish_xml(struct call *call)
{
	const char *name = call->operation->name;
	struct buf body = BUF_INIT(ANSWER_MAX);

	buf_printf(
	    &body, "<%sResponse xmlns=\"%s\">", name, call->service->namespace);
	/* What returns nothing has no result element. */
	if (call->xml.len > 0)
		buf_printf(&body, "<%sResult>%s</%sResult>", name,
		    buf_text(&call->xml), name);
	buf_printf(&body,
	    "<ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>"
	    "</%sResponse>\n",
	    call->request_id, name);
	common_xml(call, 200, &body);
}

void
call_finish(struct call *call)
{
	if (call->service->target == NULL)
		finish_xml(call);
	else if (call->result != NULL)
		common_json(call, 200, call->result);
	else
		common(call, 200, call->service->content_type);
}

static void
refuse_xml(struct call *call, int status, const char *code, const char *message)
{
	const struct service *service = call->service;
	struct buf body = BUF_INIT(ANSWER_MAX);

	buf_puts(&body, "<ErrorResponse");
	if (service != NULL)
		buf_printf(&body, " xmlns=\"%s\"", service->namespace);
	buf_printf(&body, "><Error><Type>%s</Type>",
	    status < 500 ? "Sender" : "Receiver");
	xml_element(&body, "Code", code);
	xml_element(&body, "Message", message);
	buf_printf(&body, "</Error><RequestId>%s</RequestId></ErrorResponse>\n",
	    call->request_id);
	common_xml(call, status, &body);
}

static void
refuse_json(struct call *call, int status, const char *query, const char *json,
    const char *message)
{
	DOC_LATER struct json_object *body = doc_object();
	FREE_LATER char *type =
	    xasprintf("%s%s", call->service->namespace, json);

	doc_put_string(body, "__type", type);
	doc_put_string(body, "message", message);
	common_json(call, status, body);
	if (call->service->query_mode)
		answer_header(call->answer, "x-amzn-query-error",
		    xasprintf(
			"%s;%s", query, status < 500 ? "Sender" : "Receiver"));
}

bool
call_refuse_with(
    struct call *call, int status, const char *code, const char *message)
{
	bool json = call->service != NULL && call->service->target != NULL;
	const struct spelling *name = find_spelling(call->service, code);
	const struct spelling unknown = { NULL, code, NULL, 400, 400, code };

	if (name == NULL)
		name = &unknown;
	if (status == 0)
		status = json ? name->json_status : name->query_status;
	if (message == NULL)
		message = name->message;
	if (json)
		refuse_json(call, status, name->query,
		    name->json == NULL ? name->query : name->json, message);
	else
		refuse_xml(call, status, name->query, message);
	doc_put_string(call->entry, "error", name->query);
	return false;
}

bool
call_fail(struct call *call, const char *code, const char *format, ...)
{
	char message[8192];
	va_list args;

	if (format == NULL)
		return call_refuse_with(call, 0, code, NULL);
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	return call_refuse_with(call, 0, code, message);
}
