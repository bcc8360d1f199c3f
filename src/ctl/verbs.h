/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line in one table: what can be said, what it means, and which
 * function does it. Parser and help are made of it.
 */
#ifndef KG_CTL_VERBS_H
#define KG_CTL_VERBS_H

struct ctl;
struct words;

/* Does it, and returns how to exit. */
typedef int verb_run(const struct ctl *ctl, const struct words *words);

struct verb {
	const char *sentence; /* begins with the verb; NULL ends the table */
	const char *help;
	verb_run *run;
};

extern const struct verb verbs[];

/* What may be said with every verb, before or after it. */
extern const char verbs_options[];

/* The verb of that name, or NULL. */
const struct verb *verbs_find(const char *name);

/* Each in a file of its own, verb_<name>.c. */
verb_run verb_backup;
verb_run verb_inject;
verb_run verb_list;
verb_run verb_machine;
verb_run verb_redrive;
verb_run verb_rejected;
verb_run verb_resume;
verb_run verb_retry;
verb_run verb_show;
verb_run verb_status;
verb_run verb_stop;

#endif
