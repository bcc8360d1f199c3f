/* SPDX-License-Identifier: Apache-2.0 */
/* Events in words. */
#include "ctl/story.h"

#include <string.h>

#include <json-c/json.h>

#include "control/varlink.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"

bool
story_is(struct json_object *event, const char *type)
{
	const char *is = doc_string(event, "type");

	return is != NULL && strcmp(is, type) == 0;
}

struct json_object *
story_details(struct json_object *event)
{
	if (!doc_is_object(event))
		return NULL;
	json_object_object_foreach (event, name, value) {
		(void)name;
		if (doc_is_object(value))
			return value;
	}
	return NULL;
}

char *
story_failure(struct json_object *failure)
{
	struct buf text = BUF_INIT(VARLINK_MAX_REPLY);
	const char *error = doc_string(failure, "error");
	const char *cause = doc_string(failure, "cause");
	const char *request = doc_string(failure, "requestId");

	if (error != NULL)
		buf_puts(&text, error);
	if (cause != NULL)
		buf_printf(&text, "%s%s", text.len > 0 ? ": " : "", cause);
	if (request != NULL)
		buf_printf(&text, " (request %s)", request);
	return buf_take(&text);
}

char *
story_text(struct json_object *event)
{
	static const char *const members[] = { "name", "output", "origin" };
	struct json_object *details = story_details(event);
	const char *type = doc_string(details, "resourceType");
	const char *resource = doc_string(details, "resource");

	if (doc_string(details, "error") != NULL)
		return story_failure(details);
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		if (doc_string(details, members[i]) != NULL)
			return xstrdup(doc_string(details, members[i]));
	if (type == NULL || resource == NULL)
		return xstrdup("");
	return xasprintf("%s:%s", type, resource);
}
