/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox's AWS behind the twin of the HTTP client: what is sent is served
 * by the model, in this process and on virtual time.
 */
#ifndef KG_TESTS_FAKE_FAKE_CLOUD_H
#define KG_TESTS_FAKE_FAKE_CLOUD_H

#include <stdint.h>

#include "fake/fake_http.h"

struct fake_cloud;
struct json_object;
struct loop;
struct model;
struct model_answer;

/* How long a request and its answer are on their way, and who hears what AWS
 * has made of it, before that leaves: its entry in the model's log, and the
 * answer. */
struct fake_way {
	int64_t there_ms, back_ms;
	void (*on_answer)(void *arg, struct json_object *entry,
	    const struct model_answer *answer); /* NULL: nobody */
	void *arg;
};

/* Borrows both for its life. */
struct fake_cloud *fake_cloud_new(struct loop *loop, struct model *model);
void fake_cloud_free(struct fake_cloud *cloud);

/* Serves a request, for fake_wire.on_sent. What hangs is never answered. One
 * that is on its way there arrives, even if nobody waits for its answer any
 * more. NULL: no way at all. */
void fake_cloud_serve(struct fake_cloud *cloud, struct http_request *request,
    const struct fake_way *way);

/* A request is gone, for fake_wire.on_gone. */
void fake_cloud_forget(
    struct fake_cloud *cloud, const struct http_request *request);

/* The model was changed from outside: long polls look again. */
void fake_cloud_changed(struct fake_cloud *cloud);

#endif
