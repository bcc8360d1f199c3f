/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk of a life.
 */
#ifndef KG_TESTS_SIMULATION_DISK_H
#define KG_TESTS_SIMULATION_DISK_H

struct life;

/* It becomes full, broken, slow, or good again. */
void disk_trouble(struct life *life);

/* The daemon dies: what was not synced is lost, in part, or not. Says which. */
const char *disk_lose(struct life *life);

/* All of that is over. */
void disk_mend(struct life *life);

#endif
