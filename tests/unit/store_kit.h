/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the store share: a folder of their own, events to write,
 * and a look at every connection that the store opens.
 */
#ifndef KG_TESTS_UNIT_STORE_KIT_H
#define KG_TESTS_UNIT_STORE_KIT_H

#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "machine/history.h"
#include "store/answer.h"
#include "store/reads.h"
#include "store/record.h"

/* Makes an empty folder and removes it with the files in it; kit_path is where
 * the store's file belongs. */
void kit_setup(void);
void kit_teardown(void);
const char *kit_path(void);
const char *kit_folder(void);

/* How many files of copies (store/copy.h) are there. */
int kit_copies(void);

/* The standing of an execution that runs, of account 111122223333 and key
 * `name`. */
struct standing kit_running(const char *name);

/* The standing once it has ended so. */
struct standing kit_ended(
    const char *name, enum status status, const char *outcome);

/* Event `id` of type `type`, at 1000 * id ms, with data "{}". */
struct event kit_event(int64_t id, enum event_type type);

/* A record of that event. */
struct record *kit_record(const char *name, int64_t id, enum event_type type);

/* A refused message with a body of `size` bytes, received at `at` ms. */
struct rejected kit_rejected(int64_t at, const char *error, size_t size);

/*
 * A batch by hand: kit_open opens the file for writes (anew), kit_add adds a
 * row and takes it over, kit_write writes what was added, kit_forget frees it.
 * kit_write_well also checks that nothing was refused, and forgets. kit_close
 * closes what is open, also for reads.
 */
extern struct sqlite *kit_db;
extern struct record *kit_rows[];
extern size_t kit_count;
void kit_open(void);
void kit_close(void);
struct record *kit_add(struct record *record);
struct record *kit_add_event(const char *name, int64_t id);
void kit_write(void);
void kit_write_well(void);
void kit_forget(void);

/* A read by hand, on a connection that kit_ask opens if there is none; the
 * answer stays until the next. kit_refuse asks for the error of that name. */
extern struct sqlite *kit_reads;
extern struct answer kit_answer;
void kit_ask(reads_query *query, const struct question *question);
void kit_refuse(
    reads_query *query, const struct question *question, const char *name);

/* Runs SQL on the file by a connection of its own. */
void kit_sql(const char *sql);

/* The integer that the SQL gives, by a connection of its own. */
int64_t kit_number(const char *sql);

/* Gives each execution that is there events 1 to `count`, of that type. */
void kit_fill_events(int count, const char *type);

/* Makes executions N<from>, N<from + 1>, ..., three a millisecond and without
 * events. Of a hundred 94 are SUCCEEDED and contained, the others of all kinds.
 */
void kit_fill(int from, int count);

/* Commits of write transactions on all connections opened after the first
 * call of kit_count_commits. */
void kit_count_commits(void);
int kit_commits(void);

#endif
