/* SPDX-License-Identifier: Apache-2.0 */
/* Events in words. */
#include "ctl/story.h"

#include <string.h>

#include <json-c/json.h>

#include "util/alloc.h"
#include "util/cleanup.h"
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
story_error(struct json_object *failure)
{
	const char *error = doc_string(failure, "error");
	const char *cause = doc_string(failure, "cause");

	return xasprintf("%s%s%s", error == NULL ? "" : error,
	    error == NULL || cause == NULL ? "" : ": ",
	    cause == NULL ? "" : cause);
}

char *
story_failure(struct json_object *failure)
{
	const char *request = doc_string(failure, "requestId");
	FREE_LATER char *error = story_error(failure);

	if (request == NULL)
		return STEAL(error);
	return xasprintf("%s (request %s)", error, request);
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

/* ---- who did it ---- */

/* "root (uid 0, pid 4711)" of "uid=0,user=root,pid=4711", the user being there
 * or not. */
static char *
who(const char *by)
{
	const char *user = strstr(by, ",user="), *pid = strstr(by, ",pid=");
	int uid_len = (int)strcspn(by, ",") - 4;

	if (strcmp(by, "automatic") == 0)
		return xstrdup("keyguard itself");
	if (strncmp(by, "uid=", 4) != 0 || pid == NULL)
		return xstrdup(by);
	if (user == NULL || user > pid)
		return xasprintf("uid %.*s, pid %s", uid_len, by + 4, pid + 5);
	return xasprintf("%.*s (uid %.*s, pid %s)", (int)(pid - user) - 6,
	    user + 6, uid_len, by + 4, pid + 5);
}

char *
story_origin(const char *origin)
{
	static const struct {
		const char *verb, *done;
	} verbs[] = { { "inject:", "injected" }, { "redrive:", "redriven" },
		{ "resume:", "let go on" }, { "retry:", "tried anew" },
		{ "stop:", "stopped" } };

	if (strncmp(origin, "sqs:", 4) == 0)
		return xasprintf("SQS message %s", origin + 4);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		size_t len = strlen(verbs[i].verb);

		if (strncmp(origin, verbs[i].verb, len) == 0) {
			FREE_LATER char *by = who(origin + len);

			return xasprintf("%s by %s", verbs[i].done, by);
		}
	}
	return xstrdup(origin);
}
