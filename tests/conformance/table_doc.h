/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state table made at run time: of a document, with tasks that do what a
 * script says; or THE TABLE, with its tasks replaced by such.
 */
#ifndef KG_TESTS_CONFORMANCE_TABLE_DOC_H
#define KG_TESTS_CONFORMANCE_TABLE_DOC_H

#include "machine/table.h"

struct json_object;
struct task;

struct table_doc {
	struct machine machine;
	struct state *states;
	struct task *tasks; /* of each state */
	bool copied;        /* its retriers and catchers are not its own */
};

/*
 * Reads {"start":0,"states":[{"name","service","timeout","retry":[{"errors",
 * "interval","rate","max_delay","max_attempts","jitter"}],"catch":[{"errors",
 * "next","path","again"}],"next","path","held","lane","after_commit"}]}; `next`
 * and `start` are numbers of states. What is not there is 0, NULL, STATE_END.
 * Texts are borrowed from the document.
 */
void table_doc_read(struct table_doc *table, struct json_object *doc);

/* A copy of a table, which it borrows from. */
void table_doc_copy(struct table_doc *table, const struct machine *machine);

void table_doc_done(struct table_doc *table);

#endif
