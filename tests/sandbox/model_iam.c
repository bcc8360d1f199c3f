/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IAM, Query protocol: access keys, with the rules that surprise. Without a
 * UserName the signer's own user is meant; a key of another account is not
 * there.
 */
#include "sandbox/model_call.h"

#include <ctype.h>
#include <string.h>

#include "sandbox/model_fault.h"
#include "sandbox/model_load.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "util/stamp.h"

static struct key *
find_key(const struct model *model, const char *id)
{
	struct key *key;

	STAILQ_FOREACH (key, &model->keys, next)
		if (key->deleted_ms == 0 && strcmp(key->id, id) == 0)
			return key;
	return NULL;
}

/* A user of the signer's account. */
static const struct principal *
find_user(const struct call *call, const char *name)
{
	const char *account = call->key->owner->account;
	const struct principal *user;

	STAILQ_FOREACH (user, &call->model->principals, next)
		if (user->kind == PRINCIPAL_USER &&
		    strcmp(user->account, account) == 0 &&
		    strcmp(user->name, name) == 0)
			return user;
	return NULL;
}

/* Whether AccessKeyId has 16 to 128 word characters. */
static bool
check_id(struct call *call)
{
	const char *id = call_param(call, "AccessKeyId");
	size_t len = id == NULL ? 0 : strlen(id), good = 0;

	while (
	    good < len && (isalnum((unsigned char)id[good]) || id[good] == '_'))
		good++;
	if (len >= 16 && len <= 128 && good == len)
		return true;
	return call_fail(call, "ValidationError",
	    "1 validation error detected: Value '%s' at 'accessKeyId' failed "
	    "to satisfy constraint: Member must have 16 to 128 word characters",
	    id == NULL ? "null" : id);
}

/* The user that is meant; NULL when the call was refused. */
static const struct principal *
meant_user(struct call *call)
{
	const struct principal *signer = call->key->owner, *user;
	const char *name = call_param(call, "UserName");

	if (name == NULL && signer->kind == PRINCIPAL_ROLE) {
		call_fail(call, "ValidationError",
		    "Must specify userName when calling with non-User "
		    "credentials");
		return NULL;
	}
	if (name == NULL)
		return signer;
	if (*name == '\0') {
		call_fail(call, "ValidationError",
		    "1 validation error detected: Value at 'userName' failed "
		    "to satisfy constraint: Member must have length greater "
		    "than or equal to 1");
		return NULL;
	}
	user = find_user(call, name);
	if (user == NULL)
		call_fail(call, "NoSuchEntity",
		    "The user with name %s cannot be found.", name);
	return user;
}

/* The key that is meant, of the user that is meant; NULL when refused. */
static struct key *
meant_key(struct call *call)
{
	const struct principal *user;
	struct key *key;

	if (!check_id(call))
		return NULL;
	user = meant_user(call);
	if (user == NULL)
		return NULL;
	key = find_key(call->model, call_param(call, "AccessKeyId"));
	if (key != NULL && key->owner == user)
		return key;
	call_fail(call, "NoSuchEntity",
	    "The Access Key with id %s cannot be found",
	    call_param(call, "AccessKeyId"));
	return NULL;
}

static bool
delete_key(struct call *call)
{
	struct key *key = meant_key(call);

	if (key == NULL)
		return false;
	key->deleted_ms = call->now_ms;
	call->model->deleted_keys++;
	return true;
}

static bool
update_key(struct call *call)
{
	const char *status = call_param(call, "Status");
	struct key *key;

	if (status == NULL ||
	    (strcmp(status, "Active") != 0 && strcmp(status, "Inactive") != 0))
		return call_fail(call, "ValidationError",
		    "1 validation error detected: Value '%s' at 'status' "
		    "failed to satisfy constraint: Member must satisfy enum "
		    "value set: [Active, Inactive]",
		    status == NULL ? "null" : status);
	key = meant_key(call);
	if (key == NULL)
		return false;
	key->active = strcmp(status, "Active") == 0;
	return true;
}

/* Seconds are enough for IAM. */
static void
put_time(struct call *call, const char *name, int64_t wall_ms)
{
	char stamp[STAMP_RFC3339];

	stamp_rfc3339(wall_ms, stamp);
	strcpy(strrchr(stamp, '.'), "Z");
	call_xml(call, name, stamp);
}

/* IAM's parts learn of a deletion one after the other. */
static const struct key *
known_key(const struct call *call, const char *id)
{
	const struct key *key;

	STAILQ_FOREACH (key, &call->model->keys, next)
		if (strcmp(key->id, id) == 0 &&
		    (key->deleted_ms == 0 || fault_is(call, FAULT_BEHIND)))
			return key;
	return NULL;
}

static bool
last_used(struct call *call)
{
	const struct principal *signer = call->key->owner;
	const char *id = call_param(call, "AccessKeyId");
	const struct key *key;

	if (!check_id(call))
		return false;
	key = known_key(call, id);
	if (key == NULL || strcmp(key->owner->account, signer->account) != 0) {
		if (call->model->emulator)
			return call_fail(call, "NoSuchEntity",
			    "The Access Key with id %s cannot be found", id);
		return call_fail(call, "AccessDenied",
		    "User: arn:aws:iam::%s:user/%s is not authorized to "
		    "perform: iam:GetAccessKeyLastUsed on resource: access "
		    "key %s",
		    signer->account, signer->name, id);
	}
	buf_puts(&call->xml, "<AccessKeyLastUsed>");
	call_xml(call, "Region", key->used_ms == 0 ? "N/A" : key->used_region);
	if (key->used_ms != 0)
		put_time(call, "LastUsedDate", key->used_ms);
	call_xml(
	    call, "ServiceName", key->used_ms == 0 ? "N/A" : key->used_service);
	buf_puts(&call->xml, "</AccessKeyLastUsed>");
	if (key->owner->kind == PRINCIPAL_USER)
		call_xml(call, "UserName", key->owner->name);
	return true;
}

static bool
list_keys(struct call *call)
{
	const struct principal *user = meant_user(call);
	const struct key *key;

	if (user == NULL)
		return false;
	buf_puts(&call->xml,
	    "<IsTruncated>false</IsTruncated>"
	    "<AccessKeyMetadata>");
	STAILQ_FOREACH (key, &call->model->keys, next) {
		if (key->deleted_ms != 0 || key->owner != user ||
		    key->token != NULL)
			continue;
		buf_puts(&call->xml, "<member>");
		call_xml(call, "UserName", user->name);
		call_xml(call, "AccessKeyId", key->id);
		call_xml(call, "Status", key->active ? "Active" : "Inactive");
		put_time(call, "CreateDate", key->created_ms);
		buf_puts(&call->xml, "</member>");
	}
	buf_puts(&call->xml, "</AccessKeyMetadata>");
	return true;
}

static const struct operation operations[] = {
	{ "GetAccessKeyLastUsed", last_used },
	{ "DeleteAccessKey", delete_key },
	{ "UpdateAccessKey", update_key },
	{ "ListAccessKeys", list_keys },
	{ NULL, NULL },
};

const struct service iam_service = {
	.name = "IAM",
	.signing_name = "iam",
	.region = "us-east-1",
	.version = "2010-05-08",
	.namespace = "https://iam.amazonaws.com/doc/2010-05-08/",
	.throttled = "Throttling",
	.operations = operations,
};
