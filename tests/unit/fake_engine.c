/* SPDX-License-Identifier: Apache-2.0 */
/* An engine that only writes down. */
#include "unit/fake_engine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/operate.h"
#include "util/alloc.h"
#include "util/doc.h"

enum engine_admitted
engine_start(struct engine *self, const struct engine_order *order)
{
	self->starts++;
	self->name = xstrdup(order->name);
	self->origin = xstrdup(order->origin);
	self->input = doc_parse(order->input, strlen(order->input), NULL);
	self->retries = order->retries;
	for (int i = 0; i < TAGS; i++)
		self->tags[i] = xstrdup(order->tags[i]);
	return ENGINE_STARTED;
}

static bool
note(struct engine *self, const char *deed, const char *name, const char *by)
{
	size_t len = strlen(self->deeds);

	snprintf(self->deeds + len, sizeof self->deeds - len, "%s %s by %s; ",
	    deed, name, by);
	return true;
}

bool
engine_redrive(struct engine *self, const char *name,
    const struct standing *standing, const struct event *events, size_t count,
    const char *by, struct error *error)
{
	(void)events, (void)count;
	ck_assert_int_eq(standing->status, STATUS_FAILED);
	if (self->redrives_none)
		return error_set(error, "Daemon.UnknownState", "no way on");
	return note(self, "redrive", name, by);
}

bool
engine_stop(struct engine *self, const char *name, const char *by)
{
	return note(self, "stop", name, by);
}

/* The breaker's, which the table's tasks bring along. */
size_t
engine_release(struct engine *self,
    bool (*which)(void *arg, const char *const *tags), void *arg,
    const char *by)
{
	(void)self, (void)which, (void)arg, (void)by;
	ck_abort();
}

void
fake_engine_forget(struct engine *engine)
{
	doc_free(engine->input);
	free(engine->name);
	free(engine->origin);
	for (int i = 0; i < TAGS; i++)
		free(engine->tags[i]);
	*engine = (struct engine){ 0 };
}
