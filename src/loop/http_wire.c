/* SPDX-License-Identifier: Apache-2.0 */
/*
 * curl tells by two callbacks which descriptors and which time it waits for;
 * these only record the wish. What becomes ready is told to curl, and then
 * the transfers that ended are collected: there, outside of curl, is where the
 * callbacks of others run.
 */
#include "loop/http_wire.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "loop/loop.h"
#include "util/alloc.h"

/* Kept connections: as many as there can be calls in flight. curl's default,
 * four for each running transfer, would drop the fifth service's while only
 * the long poll runs. */
#define CONNECTIONS 64L

struct http_wire {
	struct loop *loop;
	CURLM *multi;
	X509_STORE *trust;
	size_t busy;
	bool collecting, retired;
	struct loop_timer timer;
	struct loop_defer failed;
	CURLMcode failure;
	const struct http_wire_events *events;
	void *arg;
};

/* Nobody hears of a failure in the middle of something. */
static void
check(struct http_wire *wire, CURLMcode code)
{
	if (code == CURLM_OK)
		return;
	wire->failure = code;
	loop_defer_set(&wire->failed);
}

static void
on_failed(void *arg)
{
	struct http_wire *wire = arg;

	wire->events->on_broken(wire->arg, wire, wire->failure);
}

/*
 * Frees a retired wire that nobody uses any more. curl calls on_socket_wish
 * and on_timer_wish while it closes: transfers go first, then the multi
 * handle, then what it waits with.
 */
static void
release(struct http_wire *wire)
{
	if (!wire->retired || wire->busy > 0 || wire->collecting)
		return;
	curl_multi_cleanup(wire->multi);
	loop_timer_done(&wire->timer);
	loop_defer_clear(&wire->failed);
	X509_STORE_free(wire->trust);
	free(wire);
}

static void
take_out(struct http_wire *wire, CURL *transfer)
{
	wire->busy--;
	check(wire, curl_multi_remove_handle(wire->multi, transfer));
}

static void
collect(struct http_wire *wire)
{
	CURLMsg *message;
	int left;

	wire->collecting = true;
	while ((message = curl_multi_info_read(wire->multi, &left)) != NULL) {
		CURL *transfer = message->easy_handle;
		CURLcode code = message->data.result;
		void *owner = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(transfer, CURLINFO_PRIVATE, &owner);
		take_out(wire, transfer);
		wire->events->on_end(owner, code);
	}
	wire->collecting = false;
	release(wire);
}

static void
act(struct http_wire *wire, curl_socket_t fd, int ready)
{
	int running;

	check(wire, curl_multi_socket_action(wire->multi, fd, ready, &running));
	collect(wire);
}

static void
on_ready(void *arg, int fd, unsigned ready)
{
	act(arg, fd,
	    ((ready & LOOP_READ) != 0 ? CURL_CSELECT_IN : 0) |
		((ready & LOOP_WRITE) != 0 ? CURL_CSELECT_OUT : 0));
}

static void
on_time(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int
on_timer_wish(CURLM *multi, long ms, void *arg)
{
	struct http_wire *wire = arg;

	(void)multi;
	if (ms < 0)
		loop_timer_clear(&wire->timer);
	else
		loop_timer_set(&wire->timer, ms);
	return 0;
}

static int
on_socket_wish(
    CURL *transfer, curl_socket_t fd, int what, void *arg, void *watch)
{
	struct http_wire *wire = arg;
	unsigned want = ((what & CURL_POLL_IN) != 0 ? LOOP_READ : 0U) |
	    ((what & CURL_POLL_OUT) != 0 ? LOOP_WRITE : 0U);

	(void)transfer;
	if (what == CURL_POLL_REMOVE) {
		loop_watch_free(watch);
		curl_multi_assign(wire->multi, fd, NULL);
	} else if (watch == NULL) {
		watch = loop_watch_new(wire->loop, fd, want, on_ready, wire);
		curl_multi_assign(wire->multi, fd, watch);
	} else
		loop_watch_set(watch, want);
	return 0;
}

/* What other parts of OpenSSL had to say on the way to a refusal would hide
 * the refusal itself from curl, which reports the first of all errors. */
static int
on_verified(int good, X509_STORE_CTX *context)
{
	(void)context;
	if (!good)
		ERR_clear_error();
	return good;
}

static CURLcode
on_tls_context(CURL *transfer, void *context, void *trust)
{
	(void)transfer;
	SSL_CTX_set1_cert_store(context, trust);
	SSL_CTX_set_verify(
	    context, SSL_CTX_get_verify_mode(context), on_verified);
	return CURLE_OK;
}

struct http_wire *
http_wire_new(struct loop *loop, X509_STORE *trust,
    const struct http_wire_events *events, void *arg)
{
	struct http_wire *wire = xzalloc(sizeof *wire);

	wire->loop = loop;
	wire->trust = trust;
	wire->events = events;
	wire->arg = arg;
	loop_timer_init(&wire->timer, loop, on_time, wire);
	loop_defer_init(&wire->failed, loop, on_failed, wire);
	wire->multi = curl_multi_init();
	assert(wire->multi != NULL);
	curl_multi_setopt(wire->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS);
	curl_multi_setopt(wire->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wish);
	curl_multi_setopt(wire->multi, CURLMOPT_SOCKETDATA, wire);
	curl_multi_setopt(wire->multi, CURLMOPT_TIMERFUNCTION, on_timer_wish);
	curl_multi_setopt(wire->multi, CURLMOPT_TIMERDATA, wire);
	return wire;
}

void
http_wire_retire(struct http_wire *wire)
{
	wire->retired = true;
	release(wire);
}

X509_STORE *
http_wire_trust(const struct http_wire *wire)
{
	return wire->trust;
}

void
http_wire_add(struct http_wire *wire, CURL *transfer)
{
	curl_easy_setopt(transfer, CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
	curl_easy_setopt(transfer, CURLOPT_SSL_CTX_DATA, wire->trust);
	wire->busy++;
	check(wire, curl_multi_add_handle(wire->multi, transfer));
}

void
http_wire_remove(struct http_wire *wire, CURL *transfer)
{
	take_out(wire, transfer);
	release(wire);
}
