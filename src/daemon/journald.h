/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log's way into systemd's journal, with its fields.
 */
#ifndef KG_DAEMON_JOURNALD_H
#define KG_DAEMON_JOURNALD_H

#include <stdbool.h>

/* Binds the log to the journal if standard error goes there (systemd's
 * $JOURNAL_STREAM says so); otherwise the log stays on standard error. */
bool journald_bind(void);

#endif
