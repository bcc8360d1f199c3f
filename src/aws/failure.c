/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads error answers (aws-protocols 3.2): whatever AWS, a proxy or a broken
 * server sends, there is a name for it. A cause is one line: what AWS says
 * further down may echo the request, session token included.
 */
#include "aws/failure.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "aws/failure_table.h"
#include "aws/service.h"
#include "loop/http.h"
#include "util/doc.h"
#include "util/xml.h"

#define CODE_MAX 100

/* What was found in an answer. */
struct finding {
	char code[CODE_MAX + 1];  /* "": none */
	char query[CODE_MAX + 1]; /* of x-amzn-query-error */
	char cause[2048];         /* error_set cuts it at a character */
	char request_id[128];
};

/* Copies as far as `accept` and the room go. */
static void
copy(char *out, size_t room, const char *text, int (*accept)(int))
{
	size_t len = 0;

	if (text == NULL)
		return;
	while (len + 1 < room && text[len] != '\0' &&
	    accept((unsigned char)text[len]))
		len++;
	memcpy(out, text, len);
	out[len] = '\0';
}

static int
is_code(int c)
{
	return isalnum(c) || c == '.' || c == '_' || c == '-';
}

static int
is_text(int c)
{
	return c >= ' ' && c != 0x7f;
}

/* "aws.sqs#QueueDoesNotExist:http://..." is QueueDoesNotExist. */
static void
set_code(struct finding *finding, const char *text)
{
	size_t len, start = 0;

	if (text == NULL || finding->code[0] != '\0')
		return;
	len = strcspn(text, ":");
	for (size_t i = 0; i < len; i++)
		if (text[i] == '#')
			start = i + 1;
	copy(finding->code, sizeof finding->code, text + start, is_code);
}

/* "AWS.SimpleQueueService.NonExistentQueue;Sender": the name, in the spelling
 * of AWS JSON, if there is no other. */
static void
set_query_code(struct finding *finding, const char *query_error)
{
	const struct failure_code *row;

	copy(finding->query, sizeof finding->query, query_error, is_code);
	row = failure_find(AWS_SQS, finding->query);
	set_code(finding, row != NULL ? row->code : finding->query);
}

static void
read_json(const struct http_answer *answer, struct finding *finding)
{
	DOC_LATER struct json_object *doc =
	    doc_parse(answer->body, answer->body_len, NULL);
	const char *message = doc_string(doc, "message");

	set_code(finding, answer->error_type);
	set_code(finding, doc_string(doc, "__type"));
	set_code(finding, doc_string(doc, "code"));
	set_query_code(finding, answer->query_error);
	if (message == NULL)
		message = doc_string(doc, "Message");
	copy(finding->cause, sizeof finding->cause, message, is_text);
}

static const char *
first(const char *one, const char *other)
{
	return one != NULL ? one : other;
}

static void
read_xml(const struct http_answer *answer, struct finding *finding)
{
	CLEANUP(xml_free_at)
	struct xml *xml = xml_parse(answer->body, answer->body_len, NULL);

	if (xml == NULL)
		return;
	set_code(finding,
	    first(xml_text(xml, "Error/Code"),
		xml_text(xml, "Errors/Error/Code")));
	copy(finding->cause, sizeof finding->cause,
	    first(xml_text(xml, "Error/Message"),
		xml_text(xml, "Errors/Error/Message")),
	    is_text);
	copy(finding->request_id, sizeof finding->request_id,
	    first(xml_text(xml, "RequestId"), xml_text(xml, "RequestID")),
	    isgraph);
}

bool
failure_status(int status)
{
	return status < 200 || status > 299;
}

/* Where there is no code it was not AWS that answered, or its answer got lost:
 * whatever the status, that may pass. */
static enum error_class
class_of_status(const struct finding *found, int status)
{
	if (status == 429)
		return CLASS_THROTTLED;
	if (status >= 500 || found->code[0] == '\0')
		return CLASS_TRANSIENT;
	return CLASS_NONE;
}

static void
name_it(const struct finding *found, const struct service *service, int status,
    struct error *ret_error)
{
	char name[sizeof ret_error->name];

	if (found->code[0] != '\0')
		snprintf(
		    name, sizeof name, "%s.%s", service->name, found->code);
	else
		snprintf(name, sizeof name, "Http.Status%d", status);
	if (found->cause[0] != '\0')
		error_set(ret_error, name, "%s", found->cause);
	else
		error_set(ret_error, name, "%s answered with status %d",
		    service->name, status);
}

void
failure_parse(enum aws_service service, const struct http_answer *answer,
    struct error *ret_error)
{
	struct finding found = { 0 };

	copy(found.request_id, sizeof found.request_id, answer->request_id,
	    isgraph);
	if (service_of(service)->json)
		read_json(answer, &found);
	else
		read_xml(answer, &found);
	name_it(&found, service_of(service), answer->status, ret_error);
	strcpy(ret_error->request_id, found.request_id);
	ret_error->class = failure_class(service, found.code);
	if (ret_error->class == CLASS_NONE)
		ret_error->class = failure_class(service, found.query);
	if (ret_error->class == CLASS_NONE)
		ret_error->class = class_of_status(&found, answer->status);
}
