/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox's AWS behind the twin of the HTTP client: what is sent is served
 * by the model, in this process and on virtual time.
 */
#ifndef KG_TESTS_FAKE_FAKE_CLOUD_H
#define KG_TESTS_FAKE_FAKE_CLOUD_H

#include "fake/fake_http.h"

struct fake_cloud;
struct loop;
struct model;

/* Borrows both for its life. */
struct fake_cloud *fake_cloud_new(struct loop *loop, struct model *model);
void fake_cloud_free(struct fake_cloud *cloud);

/* Serves a request, for fake_wire.on_sent. Delays are left out; what hangs is
 * never answered. */
void fake_cloud_serve(struct fake_cloud *cloud, struct http_request *request);

/* A request is gone, for fake_wire.on_gone. */
void fake_cloud_forget(
    struct fake_cloud *cloud, const struct http_request *request);

/* The model was changed from outside: long polls look again. */
void fake_cloud_changed(struct fake_cloud *cloud);

#endif
