/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Varlink's messages. Members that are not known are passed over, as the
 * protocol may grow; those that are must be of their type.
 */
#include "control/varlink.h"

#include <string.h>

#include "util/doc.h"

bool
varlink_whole(const char *bytes, size_t len, size_t *ret_len)
{
	const char *end = len == 0 ? NULL : memchr(bytes, '\0', len);

	if (end == NULL)
		return false;
	*ret_len = (size_t)(end - bytes);
	return true;
}

/* A flag is absent, null or a boolean: then it reads the same whatever is
 * assumed of one that is absent. */
static bool
flag(struct json_object *message, const char *name, bool *ret)
{
	*ret = doc_bool(message, name, false);
	return doc_at(message, name) == NULL ||
	    doc_bool(message, name, true) == *ret;
}

static bool
object(struct json_object *message, const char *name, struct json_object **ret)
{
	*ret = doc_at(message, name);
	return *ret == NULL || doc_is_object(*ret);
}

bool
varlink_call_parse(
    const char *text, size_t len, struct varlink_call *ret, struct error *error)
{
	DOC_LATER struct json_object *message = doc_parse(text, len, error);

	*ret = (struct varlink_call){ 0 };
	if (message == NULL)
		return false;
	ret->method = doc_string(message, "method");
	if (ret->method == NULL ||
	    !object(message, "parameters", &ret->parameters) ||
	    !flag(message, "more", &ret->more) ||
	    !flag(message, "oneway", &ret->oneway) ||
	    !flag(message, "upgrade", &ret->upgrade)) {
		*ret = (struct varlink_call){ 0 };
		return error_set(error, "Varlink.NoCall",
		    "not a call: a member is missing or of another type");
	}
	ret->message = STEAL(message);
	return true;
}

void
varlink_call_done(struct varlink_call *call)
{
	doc_free(call->message);
	*call = (struct varlink_call){ 0 };
}

/* A reply without an error has none; one with an error has its name. */
static bool
name(struct json_object *message, const char *member, const char **ret)
{
	*ret = doc_string(message, member);
	return *ret != NULL || doc_at(message, member) == NULL;
}

bool
varlink_reply_parse(const char *text, size_t len, struct varlink_reply *ret,
    struct error *error)
{
	DOC_LATER struct json_object *message = doc_parse(text, len, error);

	*ret = (struct varlink_reply){ 0 };
	if (message == NULL)
		return false;
	if (!doc_is_object(message) || !name(message, "error", &ret->error) ||
	    !object(message, "parameters", &ret->parameters) ||
	    !flag(message, "continues", &ret->continues)) {
		*ret = (struct varlink_reply){ 0 };
		return error_set(error, "Varlink.NoReply",
		    "not a reply: a member is of another type");
	}
	ret->message = STEAL(message);
	return true;
}

void
varlink_reply_done(struct varlink_reply *reply)
{
	doc_free(reply->message);
	*reply = (struct varlink_reply){ 0 };
}

static char *
text(struct json_object *message, struct json_object *parameters)
{
	char *written;

	doc_put(message, "parameters",
	    parameters == NULL ? doc_object() : parameters);
	written = doc_text(message);
	doc_free(message);
	return written;
}

char *
varlink_call_text(const char *method, struct json_object *parameters, bool more)
{
	struct json_object *message = doc_object();

	doc_put_string(message, "method", method);
	if (more)
		doc_put_bool(message, "more", true);
	return text(message, parameters);
}

char *
varlink_reply_text(struct json_object *parameters, bool continues)
{
	struct json_object *message = doc_object();

	if (continues)
		doc_put_bool(message, "continues", true);
	return text(message, parameters);
}

char *
varlink_error_text(const char *error, struct json_object *parameters)
{
	struct json_object *message = doc_object();

	doc_put_string(message, "error", error);
	return text(message, parameters);
}
