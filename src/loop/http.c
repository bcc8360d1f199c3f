/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests: who waits for which transfer, and who is told what. Callbacks come
 * from two places, both straight off the loop: on_end for what was on the
 * wire, on_lost for what never came so far or was lost with it.
 */
#include "loop/http.h"

#include <assert.h>
#include <malloc.h>
#include <stdlib.h>

#include "loop/http_transfer.h"
#include "loop/http_trust.h"
#include "loop/http_wire.h"
#include "loop/loop.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/log.h"

/* More at once, or a longer answer, is a burst: memory to give back later. */
#define QUIET_REQUESTS 4
#define QUIET_ANSWER   ((size_t)256 << 10)

struct http_request {
	struct http *http;
	struct http_request *next, **link;
	struct http_wire *wire; /* NULL: lost, `error` says why */
	struct http_transfer transfer;
	struct loop_defer lost;
	struct error error;
	int64_t sent_wall_ms;
	int64_t sent_mono_ms;
	http_done *done;
	void *arg;
};

struct http {
	struct loop *loop;
	struct http_wire *wire; /* that what is sent now goes to */
	struct http_request *requests;
	size_t count;
	bool burst; /* there was one since the last trim */
	int64_t burst_mono_ms;
};

static int64_t
mono_ms(const struct http *http)
{
	return clock_mono_ms(loop_clock(http->loop));
}

/* ---- bursts ---- */

static void
note_burst(struct http *http, size_t answer_len)
{
	if (http->count <= QUIET_REQUESTS && answer_len <= QUIET_ANSWER)
		return;
	http->burst = true;
	http->burst_mono_ms = mono_ms(http);
}

/*
 * curl closes the connections that were idle too long when the next request
 * starts. So once one ends that began late enough after a burst, the memory of
 * the burst is free and goes back to the system.
 */
static void
trim_after_burst(struct http *http, int64_t sent_mono_ms)
{
	int64_t quiet_ms = sent_mono_ms - http->burst_mono_ms;

	if (!http->burst || quiet_ms < SECONDS(HTTP_WIRE_IDLE_S + 2))
		return;
	http->burst = false;
	malloc_trim(0);
}

/* ---- the end of a request ---- */

static void
request_unlink(struct http_request *request)
{
	*request->link = request->next;
	if (request->next != NULL)
		request->next->link = request->link;
	request->http->count--;
}

static void
request_free(struct http_request *request)
{
	loop_defer_clear(&request->lost);
	http_transfer_done(&request->transfer);
	free(request);
}

static void
on_end(void *owner, CURLcode code)
{
	struct http_request *request = owner;
	struct http *http = request->http;
	int64_t sent_mono_ms = request->sent_mono_ms;
	struct http_answer answer;
	struct error error;

	note_burst(http, request->transfer.body.len);
	request_unlink(request);
	if (http_transfer_result(&request->transfer, code, &answer, &error)) {
		answer.sent_wall_ms = request->sent_wall_ms;
		answer.elapsed_ms = mono_ms(http) - sent_mono_ms;
		request->done(request->arg, &answer, NULL);
	} else
		request->done(request->arg, NULL, &error);
	request_free(request);
	trim_after_burst(http, sent_mono_ms);
}

static void
on_lost(void *arg)
{
	struct http_request *request = arg;

	request_unlink(request);
	request->done(request->arg, NULL, &request->error);
	request_free(request);
}

static void
lose(struct http_request *request, CURLMcode code)
{
	error_set_class(&request->error, CLASS_TRANSIENT, "Http.Reset",
	    "%s: %s", request->transfer.host, curl_multi_strerror(code));
	http_wire_remove(request->wire, request->transfer.curl);
	request->wire = NULL;
	loop_defer_set(&request->lost);
}

/* ---- wires ---- */

static void on_broken(void *arg, struct http_wire *wire, CURLMcode code);

static const struct http_wire_events wire_events = {
	.on_end = on_end,
	.on_broken = on_broken,
};

/* What is under way stays on the old wire, which then goes by itself. */
static void
replace_wire(struct http *http, X509_STORE *trust)
{
	struct http_wire *former = http->wire;

	http->wire = http_wire_new(http->loop, trust, &wire_events, http);
	http_wire_retire(former);
}

static void
on_broken(void *arg, struct http_wire *wire, CURLMcode code)
{
	struct http *http = arg;
	struct http_request *request;
	X509_STORE *trust = http_wire_trust(wire);

	if (wire == http->wire) {
		X509_STORE_up_ref(trust);
		replace_wire(http, trust);
	}
	for (request = http->requests; request != NULL; request = request->next)
		if (request->wire == wire)
			lose(request, code);
}

/* ---- the client ---- */

/* A system without roots will do for plain HTTP; to HTTPS nobody is trusted
 * until some are there. */
static X509_STORE *
first_trust(const char *ca_bundle, struct error *error)
{
	struct error why;
	X509_STORE *trust = http_trust_load(ca_bundle, &why);

	if (trust != NULL)
		return trust;
	if (ca_bundle != NULL) {
		error_set(error, why.name, "%s", why.cause);
		return NULL;
	}
	log_line(LEVEL_WARNING, "no https server is trusted: %s", why.cause);
	return http_trust_nobody();
}

struct http *
http_new(struct loop *loop, const char *ca_bundle, struct error *error)
{
	X509_STORE *trust = first_trust(ca_bundle, error);
	struct http *http;

	if (trust == NULL)
		return NULL;
	http_init();
	http = xzalloc(sizeof *http);
	http->loop = loop;
	http->wire = http_wire_new(loop, trust, &wire_events, http);
	return http;
}

bool
http_reload_trust(struct http *http, const char *ca_bundle, struct error *error)
{
	X509_STORE *trust = http_trust_load(ca_bundle, error);

	if (trust == NULL)
		return false;
	replace_wire(http, trust);
	return true;
}

void
http_free(struct http *http)
{
	struct http_request *request;

	if (http == NULL)
		return;
	while ((request = http->requests) != NULL) {
		http_cancel(request);
		assert(http->requests != request);
	}
	http_wire_retire(http->wire);
	curl_global_cleanup();
	free(http);
}

struct http_request *
http_send(struct http *http, const struct http_message *message,
    http_done *done, void *arg)
{
	struct http_request *request = xzalloc(sizeof *request);

	request->http = http;
	request->done = done;
	request->arg = arg;
	request->sent_wall_ms = clock_wall_ms(loop_clock(http->loop));
	request->sent_mono_ms = mono_ms(http);
	loop_defer_init(&request->lost, http->loop, on_lost, request);
	request->next = http->requests;
	request->link = &http->requests;
	if (request->next != NULL)
		request->next->link = &request->next;
	http->requests = request;
	http->count++;
	note_burst(http, 0);
	if (http_transfer_init(
		&request->transfer, message, request, &request->error)) {
		request->wire = http->wire;
		http_wire_add(request->wire, request->transfer.curl);
	} else
		loop_defer_set(&request->lost);
	return request;
}

void
http_cancel(struct http_request *request)
{
	request_unlink(request);
	if (request->wire != NULL)
		http_wire_remove(request->wire, request->transfer.curl);
	request_free(request);
}
