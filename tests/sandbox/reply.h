/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replies as the model wants them: good ones by evhttp, and those that break
 * off, dribble or never come by hand.
 */
#ifndef KG_TESTS_SANDBOX_REPLY_H
#define KG_TESTS_SANDBOX_REPLY_H

struct exchange;

/* Sends the exchange's answer; the exchange is gone by and by. */
void reply_send(struct exchange *exchange);

#endif
