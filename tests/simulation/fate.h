/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands at the beginning of a life: the configuration, AWS and whose keys
 * there are; and what an administrator changes of the former later on.
 */
#ifndef KG_TESTS_SIMULATION_FATE_H
#define KG_TESTS_SIMULATION_FATE_H

struct life;

/* Makes them, and puts them into the trace. */
void fate_begin(struct life *life);

/* Changes some of the configuration, and reloads it if the daemon runs. */
void fate_reload(struct life *life);

/* A user of the account, and a key, of those there are: by chance. */
const char *fate_key(struct life *life);

#endif
