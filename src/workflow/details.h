/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The block below the sample's text: what happened to which key, in full, and
 * what a human has to do now, with the commands. Pure.
 */
#ifndef KG_WORKFLOW_DETAILS_H
#define KG_WORKFLOW_DETAILS_H

struct buf;
struct message_facts;

/* Appends the block, with the blank line before it. */
void details_add(const struct message_facts *facts, struct buf *body);

#endif
