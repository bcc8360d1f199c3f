/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration: from files and environment to a checked whole.
 */
#include "daemon/config.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "daemon/ini.h"
#include "daemon/schema.h"
#include "loop/http.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

struct loading {
	struct config *config;
	struct buf *complaints;
	size_t count; /* of complaints about values */
};

static void
complain_unknown(struct loading *loading, const struct ini_place *place,
    const char *section, const char *key)
{
	struct buf *out = loading->complaints;

	loading->count++;
	buf_printf(out, "%s:%d: unknown ", place->file, place->line);
	if (key != NULL)
		buf_printf(out, "key '%s' in ", key);
	buf_printf(out, "section [%s]; known are: ", section);
	schema_known(section, out);
	buf_puts(out, "\n");
}

static void
assign(void *arg, const struct ini_place *place, const char *section,
    const char *key, const char *value)
{
	struct loading *loading = arg;
	const struct schema_row *row;

	if (key == NULL && !schema_has(section))
		complain_unknown(loading, place, section, NULL);
	if (key == NULL || !schema_has(section))
		return;
	row = schema_find(section, key);
	if (row == NULL) {
		complain_unknown(loading, place, section, key);
	} else if (!schema_set(row, loading->config, value)) {
		loading->count++;
		buf_printf(loading->complaints,
		    "%s:%d: [%s] %s = %s: not accepted; it takes %s\n",
		    place->file, place->line, section, key, value,
		    row->accepts);
	}
}

static bool
read_files(struct config *config, const char *file, struct buf *complaints)
{
	struct loading loading = { config, complaints, 0 };
	char *pattern FREE_LATER = xasprintf("%s.d/*.conf", file);
	glob_t found = { 0 };
	bool good = ini_read(file, assign, &loading, complaints);

	/* glob sorts by name */
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			good = ini_read(found.gl_pathv[i], assign, &loading,
				   complaints) &&
			    good;
	globfree(&found);
	return good && loading.count == 0;
}

/* Takes a value of the environment where the files say nothing. An empty
 * variable counts as unset. */
static bool
from_env(struct config *config, const char *section, const char *key,
    const char *name, config_env *env, struct buf *complaints)
{
	const struct schema_row *row = schema_find(section, key);
	const char *value = env(name);

	if (!schema_empty(row, config) || value == NULL || *value == '\0')
		return true;
	if (schema_set(row, config, value))
		return true;
	buf_printf(complaints,
	    "environment: %s = %s: not accepted; it takes "
	    "%s\n",
	    name, value, row->accepts);
	return false;
}

/*
 * Endpoints by precedence: file specific > file global > environment specific
 * > environment global. Afterwards `endpoint` has what counts.
 */
static bool
settle_endpoints(struct config *config, config_env *env, struct buf *complaints)
{
	bool good = true, global = config->endpoint_url[0] != '\0';

	for (int i = 0; i < AWS_SERVICES; i++) {
		char key[64], name[64];

		snprintf(key, sizeof key, "endpoint_url_%s",
		    aws_service_name((enum aws_service)i));
		snprintf(name, sizeof name, "AWS_ENDPOINT_URL_%s",
		    aws_service_name((enum aws_service)i));
		for (char *at = key; *at != '\0'; at++)
			*at = (char)tolower((unsigned char)*at);
		for (char *at = name; *at != '\0'; at++)
			*at = (char)toupper((unsigned char)*at);
		if (!global)
			good = from_env(
				   config, "aws", key, name, env, complaints) &&
			    good;
	}
	good = from_env(config, "aws", "endpoint_url", "AWS_ENDPOINT_URL", env,
		   complaints) &&
	    good;
	return good;
}

static bool
from_environment(struct config *config, config_env *env, struct buf *complaints)
{
	bool good = settle_endpoints(config, env, complaints);

	good =
	    from_env(config, "aws", "region", "AWS_REGION", env, complaints) &&
	    good;
	good = from_env(config, "aws", "region", "AWS_DEFAULT_REGION", env,
		   complaints) &&
	    good;
	return from_env(config, "aws", "ca_bundle", "AWS_CA_BUNDLE", env,
		   complaints) &&
	    good;
}

/* The Region that a queue's URL names must be ours: signing for another one
 * is refused by AWS in words that do not help. */
static bool
check_queue_region(const struct config *config, struct buf *complaints)
{
	struct http_url url;
	char region[64], rest[8];

	if (!http_url_parse(config->queue_url, &url, NULL) ||
	    sscanf(url.host, "sqs.%63[a-z0-9-].%7[amzonw]", region, rest) !=
		2 ||
	    strcmp(region, config->region) == 0)
		return true;
	buf_printf(complaints,
	    "[queue] url is of Region %s, but [aws] region is %s\n", region,
	    config->region);
	return false;
}

static bool
check(const struct config *config, const char *file, struct buf *complaints)
{
	bool good = true;

	for (const struct schema_row *row = schema; row->section; row++)
		if (row->otherwise == NULL && schema_empty(row, config)) {
			buf_printf(complaints,
			    "%s: [%s] %s must be given: %s\n", file,
			    row->section, row->key, row->accepts);
			good = false;
		}
	return good && check_queue_region(config, complaints);
}

bool
config_load(struct config *config, const char *file, config_env *env,
    struct buf *complaints)
{
	bool good;

	*config = (struct config){ 0 };
	for (const struct schema_row *row = schema; row->section; row++)
		schema_set(row, config, row->otherwise ? row->otherwise : "");
	good = read_files(config, file, complaints);
	good = from_environment(config, env, complaints) && good;
	return good && check(config, file, complaints);
}

void
config_done(struct config *config)
{
	for (const struct schema_row *row = schema; row->section; row++)
		schema_free(row, config);
}

void
config_print(const struct config *config, struct buf *out)
{
	const char *section = "";

	for (const struct schema_row *row = schema; row->section; row++) {
		if (strcmp(section, row->section) != 0)
			buf_printf(out, "%s[%s]\n", *section ? "\n" : "",
			    row->section);
		section = row->section;
		buf_printf(out, "%s = ", row->key);
		schema_print(row, config, out);
		buf_puts(out, "\n");
	}
}

void
config_reload(struct config *config, struct config *fresh,
    void (*needs_restart)(const char *key))
{
	for (const struct schema_row *row = schema; row->section; row++) {
		char *key FREE_LATER =
		    xasprintf("[%s] %s", row->section, row->key);

		if (row->reloads)
			schema_swap(row, config, fresh);
		else if (!schema_same(row, config, fresh))
			needs_restart(key);
	}
}
