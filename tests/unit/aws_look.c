/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An environment in an array, a home below /tmp.
 */
#include "unit/aws_look.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* ---- an environment, and a folder for files ---- */

struct variable {
	const char *name, *value;
};

static char folder[64];
static struct variable environment[8];
static unsigned variables;

static const char *
env(void *arg, const char *name)
{
	(void)arg;
	/* The last of two counts. */
	for (unsigned i = variables; i-- > 0;)
		if (strcmp(environment[i].name, name) == 0)
			return environment[i].value;
	return NULL;
}

void
look_set(const char *name, const char *value)
{
	ck_assert_uint_lt(variables, 8);
	environment[variables++] = (struct variable){ name, value };
}

void
look_put(const char *name, const char *text)
{
	FREE_LATER char *path = xasprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void
remove_file(const char *name)
{
	FREE_LATER char *path = xasprintf("%s/%s", folder, name);

	if (remove(path) != 0)
		ck_assert_int_eq(errno, ENOENT);
}

void
look_setup(void)
{
	FREE_LATER char *aws = NULL;

	strcpy(folder, "/tmp/keyguard-credentials-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	aws = xasprintf("%s/.aws", folder);
	ck_assert_int_eq(mkdir(aws, 0700), 0);
	variables = 0;
	look_set("HOME", folder);
}

void
look_teardown(void)
{
	remove_file(".aws/credentials");
	remove_file(".aws");
	remove_file("aws");
	remove_file("other");
	ck_assert_int_eq(rmdir(folder), 0);
}

const char *
look_home(void)
{
	return folder;
}

/* ---- asking the chain ---- */

void
look_done(struct look *look)
{
	credentials_done(&look->credentials);
}

static void
on_found(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct look *look = arg;

	ck_assert((credentials == NULL) == (error != NULL));
	if (credentials != NULL)
		credentials_copy(&look->credentials, credentials);
	else
		look->error = *error;
	loop_stop(look->loop);
}

struct credentials_provider *
look_chain(struct loop *loop)
{
	return credentials_chain_new(
	    loop, &(struct credentials_sources){ .env = env });
}

void
look_ask(struct credentials_provider *provider, struct look *look)
{
	struct credentials_wait wait = { .found = on_found, .arg = look };

	provider->get(provider->self, &wait);
	/* Never at once. */
	ck_assert_str_eq(look->credentials.access_key_id, "");
	ck_assert_str_eq(look->error.name, "");
	loop_run(look->loop);
}

struct look
look_up(void)
{
	struct look result = { .loop = loop_new() };
	struct credentials_provider *provider = look_chain(result.loop);

	look_ask(provider, &result);
	provider->free(provider->self);
	loop_free(result.loop);
	return result;
}

void
look_check_found(const struct look *look, const char *id, const char *key,
    const char *token, const char *source)
{
	const struct credentials *found = &look->credentials;

	ck_assert_str_eq(look->error.cause, "");
	ck_assert_str_eq(found->access_key_id, id);
	ck_assert_str_eq(found->secret_key.bytes, key);
	ck_assert(secret_given(&found->token) == (token != NULL));
	if (token != NULL)
		ck_assert_str_eq(found->token.bytes, token);
	ck_assert_str_eq(found->source, source);
}

void
look_check_none(const char *reason)
{
	CLEANUP(look_done) struct look result = look_up();

	ck_assert_str_eq(result.error.name, "Aws.NoCredentials");
	ck_assert_int_eq(result.error.class, CLASS_TRANSIENT);
	ck_assert_msg(strstr(result.error.cause, reason) != NULL,
	    "\"%s\" is not in \"%s\"", reason, result.error.cause);
	ck_assert_ptr_null(strstr(result.error.cause, "SECRET"));
}
