/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Principals and their keys: the JSON they are loaded from and dumped to, and
 * what STS says of them.
 */
#include "sandbox/model_load.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static const char *const kind_names[] = { [PRINCIPAL_USER] = "user",
	[PRINCIPAL_ROOT] = "root",
	[PRINCIPAL_ROLE] = "role" };

static struct principal *
principal_for(struct model *model, enum principal_kind kind,
    const char *account, const char *name)
{
	struct principal *principal;

	STAILQ_FOREACH (principal, &model->principals, next)
		if (principal->kind == kind &&
		    strcmp(principal->account, account) == 0 &&
		    strcmp(principal->name, name) == 0)
			return principal;
	principal = xzalloc(sizeof *principal);
	principal->kind = kind;
	principal->account = xstrdup(account);
	principal->name = xstrdup(name);
	STAILQ_INSERT_TAIL(&model->principals, principal, next);
	return principal;
}

static bool
load_kind(
    struct json_object *user, enum principal_kind *ret, struct error *error)
{
	const char *name = doc_string(user, "kind");
	size_t kind = 0;

	while (name != NULL && kind < 3 && strcmp(kind_names[kind], name) != 0)
		kind++;
	if (kind == 3)
		return error_set(error, "Sandbox.BadDocument",
		    "no kind of user is \"%s\"", name);
	*ret = (enum principal_kind)kind;
	return true;
}

/* The living key of that id, or a new one. */
static struct key *
key_for(struct model *model, const char *id, struct principal *owner,
    int64_t now_ms)
{
	struct key *key;

	STAILQ_FOREACH (key, &model->keys, next)
		if (key->deleted_ms == 0 && strcmp(key->id, id) == 0)
			return key;
	key = xzalloc(sizeof *key);
	key->id = xstrdup(id);
	key->owner = owner;
	key->secret = xstrdup("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
	key->created_ms = now_ms;
	STAILQ_INSERT_TAIL(&model->keys, key, next);
	return key;
}

static bool
load_key(struct model *model, struct json_object *element,
    struct principal *owner, int64_t now_ms, struct error *error)
{
	static const char *const members[] = { "id", "secret", "token",
		"expires", "created", "status", "lastUsed", NULL };
	static const char *const used[] = { "date", "service", "region", NULL };
	struct json_object *last = doc_at(element, "lastUsed");
	const char *id = doc_string(element, "id");
	const char *status = doc_string(element, "status");
	struct key *key;

	if (!load_members(element, "a key", members, error) ||
	    (last != NULL && !load_members(last, "lastUsed", used, error)))
		return false;
	if (id == NULL)
		return error_set(
		    error, "Sandbox.BadDocument", "a key has no id");
	key = key_for(model, id, owner, now_ms);
	load_replace(element, "secret", &key->secret);
	load_replace(element, "token", &key->token);
	key->expires_ms = load_time(element, "expires", key->expires_ms);
	key->created_ms = load_time(element, "created", key->created_ms);
	key->active = status == NULL || strcmp(status, "Active") == 0;
	if (status != NULL && strcmp(status, "Deleted") == 0)
		key->deleted_ms = now_ms;
	if (last == NULL)
		return true;
	key->used_ms = load_time(last, "date", now_ms);
	load_replace(last, "service", &key->used_service);
	load_replace(last, "region", &key->used_region);
	return true;
}

bool
load_user(struct model *model, struct json_object *element, int64_t now_ms,
    struct error *error)
{
	static const char *const members[] = { "kind", "account", "name",
		"keys", NULL };
	const char *account = doc_string(element, "account");
	const char *name = doc_string(element, "name");
	struct json_object *keys = doc_at(element, "keys");
	enum principal_kind kind = PRINCIPAL_USER;
	struct principal *owner;

	if (!load_members(element, "a user", members, error) ||
	    !load_kind(element, &kind, error))
		return false;
	if (name == NULL && kind != PRINCIPAL_ROOT)
		return error_set(
		    error, "Sandbox.BadDocument", "a user has no name");
	owner = principal_for(model, kind,
	    account == NULL ? "123456789012" : account,
	    kind == PRINCIPAL_ROOT ? "root" : name);
	for (size_t i = 0; i < doc_count(keys, ""); i++)
		if (!load_key(
			model, doc_element(keys, i), owner, now_ms, error))
			return false;
	return true;
}

/* Without secrets: nobody asks for them. */
static struct json_object *
dump_key(const struct key *key)
{
	struct json_object *out = doc_object();

	doc_put_string(out, "id", key->id);
	doc_put_string(out, "status",
	    key->deleted_ms != 0 ? "Deleted"
		: key->active    ? "Active"
				 : "Inactive");
	doc_put_time(out, "created", key->created_ms);
	doc_put_time(out, "deleted", key->deleted_ms);
	return out;
}

struct json_object *
dump_users(const struct model *model)
{
	struct json_object *list = doc_array();
	const struct principal *principal;
	const struct key *key;

	STAILQ_FOREACH (principal, &model->principals, next) {
		struct json_object *out = doc_object(), *keys = doc_array();

		doc_put_string(out, "kind", kind_names[principal->kind]);
		doc_put_string(out, "account", principal->account);
		doc_put_string(out, "name", principal->name);
		STAILQ_FOREACH (key, &model->keys, next)
			if (key->owner == principal)
				doc_push(keys, dump_key(key));
		doc_put(out, "keys", keys);
		doc_push(list, out);
	}
	return list;
}

static void
key_free(struct key *key)
{
	free(key->id);
	free(key->secret);
	free(key->token);
	free(key->used_service);
	free(key->used_region);
	free(key);
}

void
users_free(struct model *model)
{
	struct principal *principal;
	struct key *key;

	while ((key = STAILQ_FIRST(&model->keys)) != NULL) {
		STAILQ_REMOVE_HEAD(&model->keys, next);
		key_free(key);
	}
	while ((principal = STAILQ_FIRST(&model->principals)) != NULL) {
		STAILQ_REMOVE_HEAD(&model->principals, next);
		free(principal->account);
		free(principal->name);
		free(principal);
	}
}
