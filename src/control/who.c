/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look-up at a time, for all who ask for that user. When one takes too
 * long, whoever asks after that is told at once, until it has come back: the
 * directory may hang for minutes, and a redrive must not.
 */
#include "control/who.h"

#include <assert.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "loop/worker.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/utf8.h"

#define WAIT_MS SECONDS(1)

enum {
	NAME = 256,    /* room for a user's name */
	ENTRY = 16384, /* and for all that the directory says of him */
};

struct who {
	LIST_HEAD(, who_asker) askers;
	struct loop *loop;
	struct worker *worker; /* NULL: was not needed so far */
	struct job job;
	bool busy; /* the worker has the job, `uid` and `name` */
	bool late; /* and somebody has waited for it in vain */
	uid_t uid;
	char name[NAME]; /* "": not known */
};

/* ---- on the thread ---- */

/* Whether a name can stand among others: no blank, comma or control. */
static bool
plain(const char *name)
{
	for (const char *at = name; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ' || *at == ',' || *at == 0x7f)
			return false;
	return strlen(name) < NAME && utf8_valid(name);
}

static void
look_up(void *arg)
{
	struct who *who = arg;
	char entry[ENTRY];
	struct passwd user, *found = NULL;

	who->name[0] = '\0';
	if (getpwuid_r(who->uid, &user, entry, sizeof entry, &found) == 0 &&
	    found != NULL && plain(found->pw_name))
		strcpy(who->name, found->pw_name);
}

/* ---- on the loop ---- */

static void
tell(struct who_asker *asker, const char *name)
{
	FREE_LATER char *by = xasprintf("%s:uid=%ld%s%s,pid=%ld", asker->deed,
	    asker->uid, *name != '\0' ? ",user=" : "", name, asker->pid);

	who_unask(asker);
	asker->told(asker->arg, by);
}

static struct who_asker *
asker_for(const struct who *who, uid_t uid)
{
	struct who_asker *asker;

	LIST_FOREACH(asker, &who->askers, list)
	if ((uid_t)asker->uid == uid)
		return asker;
	return NULL;
}

/* Begins with the user whom somebody waits for, if there is one. */
static void
begin(struct who *who)
{
	if (who->busy || LIST_EMPTY(&who->askers))
		return;
	if (who->worker == NULL)
		who->worker = worker_new(who->loop, "keyguard-who");
	who->busy = true;
	who->uid = (uid_t)LIST_FIRST(&who->askers)->uid;
	worker_run(who->worker, &who->job);
}

static void
on_looked_up(void *arg)
{
	struct who *who = arg;
	struct who_asker *asker;

	while ((asker = asker_for(who, who->uid)) != NULL)
		tell(asker, who->name);
	who->busy = who->late = false;
	begin(who);
}

static void
on_impatient(void *arg)
{
	struct who_asker *asker = arg;

	asker->who->late = true;
	tell(asker, "");
}

struct who *
who_new(struct loop *loop)
{
	struct who *who = xzalloc(sizeof *who);

	LIST_INIT(&who->askers);
	who->loop = loop;
	who->job = (struct job){
		.work = look_up,
		.done = on_looked_up,
		.arg = who,
	};
	return who;
}

void
who_free(struct who *who)
{
	if (who == NULL)
		return;
	assert(LIST_EMPTY(&who->askers));
	if (who->worker != NULL)
		worker_free(who->worker);
	free(who);
}

void
who_ask(struct who *who, const char *deed, long uid, long pid,
    struct who_asker *asker, void (*told)(void *arg, const char *by), void *arg)
{
	*asker = (struct who_asker){
		.who = who,
		.deed = deed,
		.uid = uid,
		.pid = pid,
		.told = told,
		.arg = arg,
	};
	LIST_INSERT_HEAD(&who->askers, asker, list);
	loop_timer_init(&asker->patience, who->loop, on_impatient, asker);
	loop_timer_set(&asker->patience, who->late ? 0 : WAIT_MS);
	begin(who);
}

void
who_unask(struct who_asker *asker)
{
	if (asker->who == NULL)
		return;
	LIST_REMOVE(asker, list);
	loop_timer_done(&asker->patience);
	asker->who = NULL;
}
