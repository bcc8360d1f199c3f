/* SPDX-License-Identifier: Apache-2.0 */
/* The socket that control serves, and the clients' ends of it. */
#include "unit/control_world.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/control.h"
#include "control/interface.h"
#include "control/methods.h"
#include "control/varlink.h"
#include "control/varlink_interface.h"
#include "intake/census.h"
#include "loop/loop.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"
#include "util/log.h"

struct world world;

static struct sockaddr_un address;
static socklen_t address_len;
static struct buf heard = BUF_INIT((size_t)64 << 20);
static struct json_object *message;
static char *text;

/* ---- host ---- */

static LIST_HEAD(, census_asker) askers;

static void
ask(void *arg, struct census_asker *asker)
{
	ck_assert_ptr_eq(arg, &world);
	asker->waits = true;
	LIST_INSERT_HEAD(&askers, asker, list);
}

void
world_told(void)
{
	struct census_asker *asker = LIST_FIRST(&askers);

	ck_assert_ptr_nonnull(asker);
	census_unask(asker);
	asker->told(asker->arg);
}

static struct json_object *
status(void *arg)
{
	static const char told[] =
	    "{\"version\":\"1\",\"pid\":4711,\"startDate\":"
	    "\"2026-06-05T06:27:57.000Z\",\"state\":\"degraded\",\"reasons\":"
	    "[\"queue: no\"],\"queue\":{\"url\":\"https://sqs\",\"depth\":1,"
	    "\"deadLetters\":0,\"received\":3,\"deleted\":2,\"inFlight\":1,"
	    "\"lastReceive\":\"2026-06-05T06:27:57.000Z\",\"error\":\"SQS.X\"},"
	    "\"store\":{\"path\":\"/x\",\"error\":\"Store.Y\"},\"credentials\":"
	    "{\"source\":\"environment\",\"account\":\"123456789012\","
	    "\"arn\":\"arn:x\",\"expiration\":\"2026-06-05T06:27:57.000Z\"}}";

	ck_assert_ptr_eq(arg, &world);
	world.statuses++;
	return doc_parse(told, strlen(told), NULL);
}

static void
on_log(void *self, enum log_level level, const char *line,
    const struct log_field *fields, size_t count)
{
	(void)self;
	(void)line;
	world.warnings += level <= LEVEL_WARNING;
	if (count == 2 && strcmp(fields[1].name, "KEYGUARD_BY") == 0)
		snprintf(world.audited, sizeof world.audited, "%s %s",
		    fields[0].value, fields[1].value);
}

void
world_setup(void)
{
	static const struct log_sink sink = { .write = on_log };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct control_host host = {
		.breaker = (void *)&world,
		.machine = &world_machine,
		.ask = ask,
		.status = status,
		.arg = &world,
	};

	log_bind(&sink);
	memset(&world, 0, sizeof world);
	for (int i = 0; i < WORLD_CLIENTS; i++)
		world.clients[i] = -1;
	address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	address_len = sizeof address;
	ck_assert_int_eq(
	    bind(fd, (void *)&address, sizeof address.sun_family), 0);
	ck_assert_int_eq(getsockname(fd, (void *)&address, &address_len), 0);
	ck_assert_int_eq(listen(fd, WORLD_CLIENTS), 0);
	world.loop = loop_new();
	host.loop = world.loop;
	world.control = control_new(&host, fd);
	world_connect(0);
}

const char *
world_by(const char *deed)
{
	const struct passwd *user = getpwuid(getuid());

	free(world.by);
	world.by = xasprintf("%s:uid=%ld%s%s,pid=%ld", deed, (long)getuid(),
	    user == NULL ? "" : ",user=", user == NULL ? "" : user->pw_name,
	    (long)getpid());
	return world.by;
}

void
world_teardown(void)
{
	control_free(world.control);
	control_free(NULL);
	ck_assert_ptr_null(world.observers);
	ck_assert(!world.reading);
	ck_assert(!world.copying);
	ck_assert(LIST_EMPTY(&askers));
	for (int i = 0; i < WORLD_CLIENTS; i++)
		world_disconnect(i);
	loop_free(world.loop);
	doc_free(message);
	free(text);
	free(world.by);
	buf_done(&heard);
}

/* ---- clients ---- */

void
world_connect(int i)
{
	world.clients[i] = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(
	    connect(world.clients[i], (void *)&address, address_len), 0);
	fcntl(world.clients[i], F_SETFL, O_NONBLOCK);
}

void
world_disconnect(int i)
{
	if (world.clients[i] >= 0)
		close(world.clients[i]);
	world.clients[i] = -1;
}

static void
on_ready(void *arg, int fd, unsigned ready)
{
	(void)arg;
	(void)fd;
	(void)ready;
	loop_stop(world.loop);
}

/* Runs the loop until the client's socket can be read or written. */
static void
wait_for(int i, unsigned what)
{
	struct loop_watch *watch =
	    loop_watch_new(world.loop, world.clients[i], what, on_ready, NULL);

	loop_run(world.loop);
	loop_watch_free(watch);
}

void
world_send(int i, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t sent = send(world.clients[i], at, len, MSG_NOSIGNAL);

		if (sent > 0) {
			at += sent;
			len -= (size_t)sent;
		} else {
			wait_for(i, LOOP_WRITE);
		}
	}
}

void
world_call(const char *method, const char *parameters, const char *more)
{
	FREE_LATER char *call =
	    xasprintf("{\"method\":\"io.keyguard.Control.%s\",\"parameters\":"
		      "%s%s}",
		method, parameters, more);

	world_send(0, call, strlen(call) + 1);
}

/* False when the service has hung up. */
static bool
receive(int i)
{
	char bytes[65536];
	ssize_t len = read(world.clients[i], bytes, sizeof bytes);

	if (len > 0)
		buf_add(&heard, bytes, (size_t)len);
	else if (len < 0)
		wait_for(i, LOOP_READ);
	return len != 0;
}

struct json_object *
world_hear(int i)
{
	size_t len;

	doc_free(STEAL(message));
	while (!varlink_whole(buf_text(&heard), heard.len, &len))
		if (!receive(i))
			return NULL;
	message = doc_parse(buf_text(&heard), len, NULL);
	ck_assert_ptr_nonnull(message);
	buf_drop(&heard, len + 1);
	return message;
}

static const char *
parameters(void)
{
	free(text);
	text = doc_text(doc_at(message, "parameters"));
	return text;
}

const char *
world_reply(const char *method, bool continues)
{
	char wrong[INTERFACE_NAME];

	ck_assert_ptr_nonnull(world_hear(0));
	ck_assert_msg(doc_at(message, "error") == NULL, "%s",
	    doc_string(message, "error"));
	ck_assert_int_eq(doc_bool(message, "continues", false), continues);
	ck_assert_msg(interface_answers(varlink_interface, method,
			  doc_at(message, "parameters"), wrong),
	    "%s: %s", wrong, parameters());
	return parameters();
}

const char *
world_error(const char *name)
{
	const char *error, *short_name;
	char wrong[INTERFACE_NAME];

	ck_assert_ptr_nonnull(world_hear(0));
	error = doc_string(message, "error");
	ck_assert_ptr_nonnull(error);
	ck_assert_str_eq(error, name);
	short_name = strrchr(error, '.') + 1;
	ck_assert(interface_tells(
	    methods_interface(error, (size_t)(short_name - 1 - error))
		->definition,
	    short_name, doc_at(message, "parameters"), wrong));
	return parameters();
}

void
world_settle(void)
{
	struct loop_timer timer;

	loop_timer_init(
	    &timer, world.loop, (loop_callback *)loop_stop, world.loop);
	loop_timer_set(&timer, 20);
	while (loop_timer_pending(&timer))
		loop_run(world.loop);
	loop_timer_done(&timer);
}
