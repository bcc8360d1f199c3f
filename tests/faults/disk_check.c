/* SPDX-License-Identifier: Apache-2.0 */
/* What was promised. */
#include "faults/disk_check.h"

#include <string.h>

#include <json-c/json.h>

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "scenarios/cloud.h"
#include "scenarios/sent.h"
#include "store/sqlite.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"

#define COPY "/nowhere/copy"

/* ---- what is durable ---- */

static void
close_at(struct sqlite **db)
{
	sqlite_close(*db);
}

/* The number that the SQL gives, with a key for its parameter; 0 where there is
 * no store yet. */
static int64_t
durable(const struct trial *trial, const char *sql, const char *key)
{
	CLEANUP(close_at) struct sqlite *db = NULL;
	int64_t number = 0;

	fake_disk_snapshot(
	    trial->world.disk, trial->world.config.store_path, COPY);
	db = sqlite_open(COPY, SQLITE_FOR_READS, NULL);
	if (db != NULL &&
	    !sqlite_number(db, sql, BIND(BIND_TEXT(key)), &number, NULL))
		number = -1;
	return number;
}

static const char running[] =
    "SELECT count(*) FROM executions WHERE status = 'RUNNING'";

/* ---- a loss of power ---- */

/* How often security was told what has this text; alarms about ourselves are
 * another matter. */
static int64_t
told(struct json_object *state, const char *text)
{
	static const char alarm[] = "Security Alert: keyguard on ";
	struct json_object *message;
	int64_t count = 0;

	for (size_t i = 0; (message = cloud_published(state, i)) != NULL; i++)
		if (strncmp(doc_string(message, "subject"), alarm,
			strlen(alarm)) != 0 &&
		    strstr(doc_string(message, "message"), text) != NULL)
			count++;
	return count;
}

void
disk_check_loss(struct trial *trial)
{
	DOC_LATER struct json_object *state = cloud_state(&trial->world);
	int64_t ended = durable(
	    trial, "SELECT n FROM totals WHERE name = 'SUCCEEDED'", NULL);

	trial->told_twice = told(state, "") - ended;
}

/* ---- calls ---- */

static void
check_deletion(struct trial *trial, const struct http_request *request)
{
	static const char intents[] =
	    "SELECT count(*) FROM executions JOIN history"
	    "  ON execution = executions.id"
	    "  WHERE type = 'TaskSubmitted' AND key_id = ?1";
	FREE_LATER char *key = sent_param(request, "AccessKeyId");

	if (durable(trial, intents, key) < 1)
		world_fail(
		    &trial->world, "%s is deleted without an intent", key);
}

/* There is one message, or the one before it had its executions as well. */
static void
check_acknowledgement(struct trial *trial)
{
	static const char kept[] = "SELECT (SELECT count(*) FROM executions) +"
				   "  (SELECT count(*) FROM rejected)";

	if (durable(trial, running, NULL) > 0)
		world_fail(&trial->world, "closed while an execution runs");
	if (durable(trial, kept, NULL) < 1)
		world_fail(&trial->world, "closed while nothing is durable");
}

void
disk_check_call(struct trial *trial, struct http_request *request)
{
	FREE_LATER char *action = sent_action(request);

	if (strcmp(action, "DeleteAccessKey") == 0)
		check_deletion(trial, request);
	else if (strncmp(action, "DeleteMessage", 13) == 0)
		check_acknowledgement(trial);
}

/* ---- the status ---- */

/* What a fault may be called. While the store is made SQLite does not say more
 * than "I/O error" of what it does beside writing. */
static bool
fits(const struct blow *blow, const char *reason)
{
	static const char *const names[][3] = {
		[DISK_IO_ERROR] = { "Store.Io", "Store.CannotOpen" },
		[DISK_FULL] = { "Store.Full" },
		[DISK_FULL_COW] = { "Store.Full" },
		[DISK_SHORT] = { "Store.Io", "Store.CannotOpen" },
		[DISK_READ_ONLY] = { "Store.ReadOnly" },
		[DISK_BUSY] = { "Store.Locked" },
	};

	for (size_t i = 0; i < 3 && names[blow->fault][i] != NULL; i++)
		if (strstr(reason, names[blow->fault][i]) != NULL)
			return true;
	return !blow->all && strstr(reason, "Store.Io") != NULL &&
	    (blow->op == DISK_SYNC || blow->op == DISK_DELETE);
}

/* Nothing is left to do, or what is waits for other reasons. */
static bool
is_over(const struct world *world, const char *reason)
{
	DOC_LATER struct json_object *state = cloud_state(world);

	return strncmp(reason, "breaker: ", 9) == 0 ||
	    (doc_int(state, "counters.messages", 0) == 0 &&
		engine_count(core_engine(world->core)) == 0);
}

void
disk_check_told(struct trial *trial)
{
	struct world *world = &trial->world;
	DOC_LATER struct json_object *status = core_status(world->core);
	struct json_object *reasons = doc_at(status, "reasons");
	const char *reason = "";

	for (size_t i = 0; i < doc_count(reasons, ""); i++) {
		reason = json_object_get_string(doc_element(reasons, i));
		if (strncmp(reason, "store: ", 7) == 0 &&
		    fits(trial->blow, reason))
			return;
	}
	if (!is_over(world, reason))
		world_fail(world, "does not say what is wrong: %s", reason);
}

void
disk_check_running(struct trial *trial)
{
	struct world *world = &trial->world;
	DOC_LATER struct json_object *status = core_status(world->core);

	if (strcmp(doc_string(status, "state"), "running") != 0)
		world_fail(world, "it is %s",
		    json_object_to_json_string(doc_at(status, "reasons")));
}

/* ---- the end ---- */

static void
expect(struct trial *trial, const char *what, const char *sql, int64_t least,
    int64_t most)
{
	int64_t is = durable(trial, sql, NULL);

	if (is < least || is > most)
		world_fail(&trial->world, "%s: %lld, not %lld", what,
		    (long long)is, (long long)least);
}

static void
check_store(struct trial *trial)
{
	const struct disk_case *it = trial->it;
	int64_t most = it->executions + (trial->hit ? it->again : 0);

	expect(trial, "executions", "SELECT count(*) FROM executions",
	    it->executions, most);
	expect(trial, "succeeded",
	    "SELECT n FROM totals WHERE name = 'SUCCEEDED'", it->executions,
	    most);
	expect(trial, "not succeeded",
	    "SELECT count(*) FROM executions WHERE status != 'SUCCEEDED'", 0,
	    0);
	expect(trial, "contained",
	    "SELECT count(*) FROM executions WHERE outcome = 'contained'",
	    it->contained, it->contained);
	expect(trial, "refused messages",
	    "SELECT count(DISTINCT message_id) FROM rejected", it->rejected,
	    it->rejected);
	expect(trial, "refusals", "SELECT count(*) FROM rejected", it->rejected,
	    trial->crashed ? 2 * it->rejected : it->rejected);
	expect(trial, "histories with a hole",
	    "SELECT count(*) FROM executions AS e WHERE last_event !="
	    "  (SELECT count(*) FROM history WHERE execution = e.id)"
	    "  OR last_event !="
	    "  (SELECT max(id) FROM history WHERE execution = e.id)",
	    0, 0);
	expect(trial, "executions that do not end once",
	    "SELECT count(*) FROM executions AS e WHERE 1 !="
	    "  (SELECT count(*) FROM history WHERE execution = e.id"
	    "    AND type = 'ExecutionSucceeded')",
	    0, 0);
	expect(trial, "damages",
	    "SELECT count(*) FROM pragma_integrity_check"
	    "  WHERE integrity_check != 'ok'",
	    0, 0);
}

static void
check_key(struct world *world, struct json_object *state, const char *key)
{
	int64_t times = told(state, key);

	if (times < 1)
		world_fail(world, "nobody was told of %s", key);
}

static void
check_cloud(struct trial *trial)
{
	const struct disk_case *it = trial->it;
	struct world *world = &trial->world;
	DOC_LATER struct json_object *state = cloud_state(world);
	int64_t times = told(state, ""), keys = 0;

	if (doc_int(state, "counters.messages", 0) > 0)
		world_fail(world, "the message is still there");
	for (; it->keys[keys] != NULL; keys++)
		check_key(world, state, it->keys[keys]);
	if (doc_int(state, "counters.deletedKeys", 0) != keys)
		world_fail(world, "not all keys are dead");
	if (times < it->told ||
	    times > it->told + trial->told_twice + (trial->hit ? it->again : 0))
		world_fail(
		    world, "security was told %lld times", (long long)times);
	if (told(state, "An error occured") > 0 && it->contained > 0 &&
	    it->contained == it->executions)
		world_fail(world, "security heard of an error");
}

static void
check_log(struct trial *trial)
{
	struct world *world = &trial->world;
	int64_t minutes =
	    (clock_mono_ms(loop_clock(world->loop)) - trial->begun_ms) /
	    MINUTES(1);
	int64_t most = 50 * trial->it->told + 10 * minutes;

	if (trial->lines > (size_t)most)
		world_fail(world, "%zu lines of log", trial->lines);
}

void
disk_check_end(struct trial *trial)
{
	check_store(trial);
	check_cloud(trial);
	check_log(trial);
}
