/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the answers that say 200.
 */
#include "aws/answer.h"

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "loop/http.h"
#include "util/doc.h"
#include "util/xml.h"

bool
answer_malformed(
    const struct call_end *end, const char *what, struct error *error)
{
	error_set_class(error, CLASS_TRANSIENT, "Aws.MalformedAnswer",
	    "%s answered %d with what cannot be used: %s",
	    aws_service_name(end->service), end->answer->status, what);
	if (error != NULL && end->answer->request_id != NULL)
		snprintf(error->request_id, sizeof error->request_id, "%s",
		    end->answer->request_id);
	return false;
}

struct json_object *
answer_json(const struct call_end *end, struct error *error)
{
	DOC_LATER struct json_object *doc = NULL;
	struct error reason;

	if (end->error != NULL) {
		*error = *end->error;
		return NULL;
	}
	doc = doc_parse(end->answer->body, end->answer->body_len, &reason);
	if (doc == NULL)
		answer_malformed(end, reason.cause, error);
	else if (!json_object_is_type(doc, json_type_object))
		answer_malformed(end, "no object", error);
	else
		return STEAL(doc);
	return NULL;
}

struct xml *
answer_xml(const struct call_end *end, const char *root, struct error *error)
{
	CLEANUP(xml_free_at) struct xml *xml = NULL;
	struct error reason;

	if (end->error != NULL) {
		*error = *end->error;
		return NULL;
	}
	xml = xml_parse(end->answer->body, end->answer->body_len, &reason);
	if (xml == NULL)
		answer_malformed(end, reason.cause, error);
	else if (strcmp(xml_root(xml), root) != 0)
		answer_malformed(end, "another document", error);
	else
		return STEAL(xml);
	return NULL;
}

const char *
answer_request_id(const struct call_end *end, const struct xml *xml)
{
	const char *id = NULL;

	if (xml != NULL)
		id = xml_text(xml, "ResponseMetadata/RequestId");
	return id != NULL ? id : end->answer->request_id;
}
