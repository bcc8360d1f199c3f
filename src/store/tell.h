/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of a row, told to whom it concerns.
 */
#ifndef KG_STORE_TELL_H
#define KG_STORE_TELL_H

struct backlog;
struct journal_listener;
struct record;

/* Tells the listener of an event, whoever asked of anything else. What waits
 * behind an event that was not written is dropped. */
void tell_record(const struct record *record, const struct journal_listener *to,
    struct backlog *backlog);

#endif
