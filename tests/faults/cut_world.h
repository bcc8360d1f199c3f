/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The AWS client, real down to its sockets, and the server of its five
 * services: it has its answers from the sandbox's model, once for each kind, so
 * that whatever is cut is always the same.
 */
#ifndef KG_TESTS_FAULTS_CUT_WORLD_H
#define KG_TESTS_FAULTS_CUT_WORLD_H

#include <stdbool.h>

#include "faults/calls.h"
#include "faults/cut_peer.h"
#include "loop/loop.h"
#include "util/buf.h"

/* After the last chunk of an answer in chunks. */
#define NO_TRAILERS "\r\n\r\n"

/* How the client is told where an answer ends. */
enum framing { BY_LENGTH, BY_CHUNKS, BY_CLOSE };

struct cut_world {
	struct loop *loop;
	struct tls *tls; /* NULL: plain */
	struct cut_peer *peer;
	struct http *http;
	struct credentials_provider *credentials;
	struct aws *aws;
	struct model *model;
	struct loop_timer bound;
	bool bound_passed;
	enum framing framing;
	bool keep; /* whether a whole answer leaves its connection open */
	bool recorded;
	struct buf head, body;  /* of the model's answer, without framing */
	struct outcome outcome; /* of the last call */
};

/* Makes all of it. */
void cut_world_init(
    struct cut_world *world, bool tls, enum framing framing, bool keep);
void cut_world_done(struct cut_world *world);

/* Adds to the model's state: JSON. */
void cut_world_load(struct cut_world *world, const char *json);

/* Lets the model answer the next request anew. */
void cut_world_forget(struct cut_world *world);

/* Makes one call and waits for its end; false when that does not come soon. */
bool cut_world_call(struct cut_world *world, const struct call_kind *kind);

#endif
