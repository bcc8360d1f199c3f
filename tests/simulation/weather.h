/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes wrong around the daemon while it lives: AWS, the network, the disk,
 * credentials, clocks. Each change of one of them replaces its last.
 */
#ifndef KG_TESTS_SIMULATION_WEATHER_H
#define KG_TESTS_SIMULATION_WEATHER_H

struct life;

/* Which faults of AWS there are in this life. */
void weather_begin(struct life *life);

void weather_faults(struct life *life);
void weather_network(struct life *life);
void weather_disk(struct life *life);
void weather_credentials(struct life *life);
void weather_clock(struct life *life);

/* Somebody else deletes a key. */
void weather_theft(struct life *life);

/* Nothing goes wrong any more, but for the clock, which stays as it is. */
void weather_calm(struct life *life);

#endif
