/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes by the queue: findings, fresh, copied and paged, about keys that
 * are there or not, ours or another's; and what is none.
 */
#ifndef KG_TESTS_SIMULATION_MAIL_H
#define KG_TESTS_SIMULATION_MAIL_H

struct json_object;
struct life;

/* A message goes into the queue. */
void mail_send(struct life *life);

/* One that was sent before is sent again, word for word. */
void mail_again(struct life *life);

/* The text of such a message: the caller frees it. */
char *mail_write(struct life *life);

#endif
