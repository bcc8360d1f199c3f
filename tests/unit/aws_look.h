/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of credentials need: an environment and a home of their own, and
 * the chain that looks there.
 */
#ifndef KG_TESTS_UNIT_AWS_LOOK_H
#define KG_TESTS_UNIT_AWS_LOOK_H

#include "aws/credentials.h"
#include "loop/loop.h"

/* What a look-up ended with; the loop stops then. */
struct look {
	struct loop *loop;
	struct credentials credentials;
	struct error error;
};

void look_done(struct look *look);

/* A test's fixture: an empty environment but for HOME, and that. */
void look_setup(void);
void look_teardown(void);

/* The home. */
const char *look_home(void);

/* Sets a variable, which is borrowed; writes a file below the home. */
void look_set(const char *name, const char *value);
void look_put(const char *name, const char *text);

/* The chain of this environment. */
struct credentials_provider *look_chain(struct loop *loop);

/* Asks a provider, and waits. */
void look_ask(struct credentials_provider *provider, struct look *look);

/* As above, a new chain. */
struct look look_up(void);

/* Checks that credentials were found, and which; `token` may be NULL. */
void look_check_found(const struct look *look, const char *id, const char *key,
    const char *token, const char *source);

/* Looks, and checks that there are none, for a reason that is told and holds
 * no "SECRET". */
void look_check_none(const char *reason);

#endif
