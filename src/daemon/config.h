/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration: one table of rows says what keys there are, of what type
 * and range, with which default, and which of them a running daemon can take
 * anew. Files, the check, `--print-config` and the reload all read that table.
 */
#ifndef KG_DAEMON_CONFIG_H
#define KG_DAEMON_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/client.h"

struct buf;

#define CONFIG_FILE CONFDIR "/keyguardd.conf"

/* Strings are owned, and "" where nothing is given. */
struct config {
	char *region;
	char *endpoint_url;
	char *endpoint[AWS_SERVICES];
	char *ca_bundle;
	char *queue_url;
	char *topic_arn;
	bool details;
	int64_t alarm_after_ms;
	int64_t max_events;
	double lookup_rate;
	int64_t hours;
	int action; /* enum response_action */
	char *protected_users;
	char *protected_keys;
	int64_t max_per_window;
	int64_t window_ms;
	int64_t hold_timeout_ms;
	int64_t containing;
	char *store_path;
	int64_t retention_ms;
	int64_t max_executions;
	char *socket;
	char *group;
};

/* An environment to look things up in: getenv, or a test's. */
typedef char *config_env(const char *name);

/*
 * Reads `file` and the *.conf files of FILE.d in the order of their names,
 * later wins; then the environment's endpoints, Region and trust store where
 * the files say nothing; then checks the whole. False with one line per
 * complaint, "file:line: what is wrong and what is accepted". Free with
 * config_done either way.
 */
bool config_load(struct config *config, const char *file, config_env *env,
    struct buf *complaints);

/* Frees the strings. */
void config_done(struct config *config);

/* Appends the effective configuration, in the form of the file. */
void config_print(const struct config *config, struct buf *out);

/*
 * Takes over from `fresh` whatever can change in a running daemon; calls
 * `needs_restart` ("[queue] url") for every other key that differs.
 */
void config_reload(struct config *config, struct config *fresh,
    void (*needs_restart)(const char *key));

#endif
