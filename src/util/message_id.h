/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator may want to be woken for, by `journalctl MESSAGE_ID=`:
 * an id for each kind of line, to stay for good (systemd.journal-fields(7)).
 *	log_with(LEVEL_ERROR, LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_ALARM }),
 *	    ...);
 */
#ifndef KG_UTIL_MESSAGE_ID_H
#define KG_UTIL_MESSAGE_ID_H

/* The daemon cannot do its work for too long; it can again. */
#define MESSAGE_ID_ALARM      "9896a32906f14011817293bcf5a6ed1c"
#define MESSAGE_ID_ALARM_OVER "58e7ffc9bf6e4c55b62cd443a5da2b0f"

/* Too many keys at once: deletions are held; they go on. */
#define MESSAGE_ID_TRIPPED "ad47cfe5689048bb8756510420836e8a"
#define MESSAGE_ID_RESUMED "b38e047fae504edbb25eda487520f4af"

/* An execution FAILED: nobody could be told. It has grown too old, and nobody
 * ever was. */
#define MESSAGE_ID_UNTOLD  "2448fc67b94b45d5bcc9b9af65e04062"
#define MESSAGE_ID_EXPIRED "127a42ec406c494ebf43ccf9c7173fe7"

/* An execution ended without containing its key: a human must act. */
#define MESSAGE_ID_UNCONTAINED "42a0cffd264d42798ade16e21a3f07ab"

/* The queue of dead letters has grown. */
#define MESSAGE_ID_DEAD_LETTERS "8bb21856f3d94ef4a5cb2b12c43fd3cb"

#endif
