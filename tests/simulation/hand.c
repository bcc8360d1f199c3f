/* SPDX-License-Identifier: Apache-2.0 */
/* By the ways that the methods of the control socket take. */
#include "simulation/hand.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "daemon/core.h"
#include "loop/loop.h"
#include "simulation/life.h"
#include "simulation/mail.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "workflow/admission.h"
#include "workflow/breaker.h"

/* ---- inject ---- */

void
hand_inject(struct life *life)
{
	FREE_LATER char *text = mail_write(life);
	const struct admission_message message = {
		.body = text,
		.body_len = strlen(text),
		.origin = "inject:uid=0,pid=4711",
		.injected = true,
	};
	struct json_object *doc = doc_object(), *names = doc_array();
	struct json_object *body = doc_parse(text, strlen(text), NULL);
	struct admission admission;

	admission_admit(core_engine(life->world.core),
	    loop_random(life->world.loop), &message, &admission);
	if (body != NULL)
		doc_put(doc, "body", body);
	else
		doc_put_string(doc, "text", text);
	for (size_t i = 0; i < admission.count; i++)
		doc_push(names, doc_new_string(admission.names[i]));
	doc_put(doc, "executions", names);
	if (admission.refused)
		doc_put_string(doc, "refused", admission.refusal.name);
	life_record(life, "injected", doc);
	admission_done(&admission);
}

/* ---- what is done to one execution ---- */

static void
record(struct life *life, const char *verb, const char *execution,
    const struct error *error)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "verb", verb);
	doc_put_string(doc, "execution", execution);
	doc_put_bool(doc, "ok", error == NULL);
	if (error != NULL)
		doc_put_string(doc, "error", error->name);
	life_record(life, "operator", doc);
}

static void
errand_free(struct errand *errand)
{
	TAILQ_REMOVE(&errand->life->errands, errand, next);
	free(errand->execution);
	free(errand);
}

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct errand *errand = arg;
	struct error why = { "Store.NotThere", "there is none", "", 0 };
	bool ok = false;

	if (error != NULL)
		why = *error;
	else if (execution != NULL)
		ok = world_do(&errand->life->world, errand->verb, execution,
		    events, count, &why);
	record(errand->life, errand->verb, errand->execution, ok ? NULL : &why);
	errand_free(errand);
}

/* One that stands so, as far as is known; any if there is none. */
static const char *
any_execution(struct life *life, const char *status)
{
	const char *found = NULL;
	unsigned count = 0;

	json_object_object_foreach (life->standings, name, value)
		if ((status == NULL ||
			strcmp(doc_string(value, ""), status) == 0) &&
		    life_any(life, ++count) == 0)
			found = name;
	return found != NULL || status == NULL ? found
					       : any_execution(life, NULL);
}

/* Mostly what makes sense. */
void
hand_act(struct life *life)
{
	static const char *const verbs[][2] = {
		{ "stop", "RUNNING" },
		{ "redrive", "FAILED" },
		{ "retry", "SUCCEEDED" },
		{ "retry", "FAILED" },
	};
	unsigned which = life_any(life, 4);
	const char *name =
	    any_execution(life, life_chance(life, 80) ? verbs[which][1] : NULL);
	struct errand *errand;

	if (life->held && life_chance(life, 40)) {
		hand_resume(life);
		return;
	}
	if (name == NULL)
		return;
	errand = xzalloc(sizeof *errand);
	errand->life = life;
	errand->verb = verbs[which][0];
	errand->execution = xstrdup(name);
	TAILQ_INSERT_TAIL(&life->errands, errand, next);
	store_show(
	    core_store(life->world.core), errand->execution, on_shown, errand);
}

void
hand_resume(struct life *life)
{
	struct breaker *breaker = core_breaker(life->world.core);
	struct error error = { "Control.NothingHeld", "", "", 0 };
	bool ok = breaker_begun(breaker) &&
	    breaker_resume(breaker, NULL, "resume:uid=0,pid=4711") >= 0;

	record(life, "resume", NULL, ok ? NULL : &error);
}

void
hand_forget(struct life *life)
{
	while (!TAILQ_EMPTY(&life->errands))
		errand_free(TAILQ_FIRST(&life->errands));
}
