/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of paths. What cannot be done is answered by {"error": ...}.
 */
#include "sandbox/admin.h"

#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <json-c/json.h>

#include "sandbox/model.h"
#include "sandbox/server.h"
#include "sandbox/tls.h"
#include "util/doc.h"

#define ROOT           "/_sandbox/"
#define WAIT_DEFAULT_S 10

/* A request at an admin path. */
struct visit {
	struct exchange *exchange;
	struct model *model;
	struct evkeyvalq query;
	const char *body;
	size_t len;
};

static void
refuse(struct visit *visit, int status, const char *message)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "error", message);
	exchange_reply(visit->exchange, status, doc);
}

static void
get_state(struct visit *visit)
{
	struct exchange *exchange = visit->exchange;
	struct json_object *doc = model_dump(visit->model, server_now_ms());

	doc_put_int(doc, "connections", (int64_t)exchange->server->connections);
	exchange_reply(exchange, 200, doc);
}

static void
get_calls(struct visit *visit)
{
	const char *from = evhttp_find_header(&visit->query, "from");
	struct json_object *doc = doc_object();

	doc_put(doc, "calls",
	    model_calls(
		visit->model, from == NULL ? 1 : strtoull(from, NULL, 10)));
	exchange_reply(visit->exchange, 200, doc);
}

/* After a change of the model: the counters. */
static void
reply_changed(struct visit *visit)
{
	server_changed(visit->exchange->server);
	exchange_reply(visit->exchange, 200,
	    model_counters(visit->model, server_now_ms()));
}

static void
load(struct visit *visit, struct json_object *document)
{
	struct error error;

	if (model_load(visit->model, document, server_now_ms(), &error))
		reply_changed(visit);
	else
		refuse(visit, 400, error.cause);
}

static void
post_load(struct visit *visit)
{
	struct error error;
	DOC_LATER struct json_object *document =
	    doc_parse(visit->body, visit->len, &error);

	if (document == NULL)
		refuse(visit, 400, error.cause);
	else
		load(visit, document);
}

/* The body is the array alone. */
static void
post_faults(struct visit *visit)
{
	DOC_LATER struct json_object *document = doc_object();
	struct json_object *rules = doc_parse(visit->body, visit->len, NULL);

	if (!json_object_is_type(rules, json_type_array)) {
		doc_free(rules);
		refuse(visit, 400, "an array of faults is wanted");
		return;
	}
	doc_put(document, "faults", rules);
	load(visit, document);
}

/* The body is the message, byte for byte. */
static void
post_message(struct visit *visit)
{
	const char *queue = evhttp_find_header(&visit->query, "queue");
	struct json_object *doc;
	struct error error;
	const char *id = model_send(visit->model, queue == NULL ? "" : queue,
	    visit->body, visit->len, server_now_ms(), &error);

	if (id == NULL) {
		refuse(visit, 404, error.cause);
		return;
	}
	server_changed(visit->exchange->server);
	doc = doc_object();
	doc_put_string(doc, "messageId", id);
	exchange_reply(visit->exchange, 200, doc);
}

static void
post_certificate(struct visit *visit)
{
	const char *kind = evhttp_find_header(&visit->query, "kind");
	struct tls *tls = visit->exchange->server->tls;
	struct error error;

	if (tls == NULL)
		refuse(visit, 400, "there is no TLS here");
	else if (tls_use(
		     tls, kind == NULL ? "" : kind, server_now_ms(), &error))
		reply_changed(visit);
	else
		refuse(visit, 400, error.cause);
}

/* ---- waiting ---- */

static int64_t
counter(struct json_object *counters, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(counters, name, &value)
	    ? json_object_get_int64(value)
	    : 0;
}

/* Whether the counters have come to what is wanted: at least so much, or at
 * most for "max.NAME". */
static bool
come(struct json_object *wanted, struct json_object *counters)
{
	json_object_object_foreach (wanted, name, value) {
		int64_t number = json_object_get_int64(value);
		bool at_most = strncmp(name, "max.", 4) == 0;
		int64_t now = counter(counters, at_most ? name + 4 : name);

		if (at_most ? now > number : now < number)
			return false;
	}
	return true;
}

static void
wait_again(struct exchange *exchange, bool timed_out)
{
	struct json_object *counters =
	    model_counters(exchange->server->model, server_now_ms());

	if (come(exchange->wanted, counters)) {
		exchange_reply(exchange, 200, counters);
	} else if (timed_out) {
		exchange_reply(exchange, 504, counters);
	} else {
		doc_free(counters);
	}
}

static void
get_wait(struct visit *visit)
{
	struct exchange *exchange = visit->exchange;
	double timeout_s = WAIT_DEFAULT_S;
	struct evkeyval *pair;

	exchange->wanted = doc_object();
	for (pair = visit->query.tqh_first; pair != NULL;
	     pair = pair->next.tqe_next) {
		if (strcmp(pair->key, "timeout") == 0)
			timeout_s = strtod(pair->value, NULL);
		else
			doc_put_int(exchange->wanted, pair->key,
			    strtoll(pair->value, NULL, 10));
	}
	exchange_wait(exchange, (int64_t)(timeout_s * 1000000), wait_again);
	server_changed(exchange->server);
}

/* ---- the paths ---- */

static const struct {
	enum evhttp_cmd_type method;
	const char *path;
	void (*serve)(struct visit *visit);
} paths[] = {
	{ EVHTTP_REQ_GET, ROOT "state", get_state },
	{ EVHTTP_REQ_GET, ROOT "calls", get_calls },
	{ EVHTTP_REQ_GET, ROOT "wait", get_wait },
	{ EVHTTP_REQ_POST, ROOT "load", post_load },
	{ EVHTTP_REQ_POST, ROOT "faults", post_faults },
	{ EVHTTP_REQ_POST, ROOT "send-message", post_message },
	{ EVHTTP_REQ_POST, ROOT "certificate", post_certificate },
};

static void
serve(struct visit *visit, const char *path)
{
	enum evhttp_cmd_type method =
	    evhttp_request_get_command(visit->exchange->request);

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		if (paths[i].method == method &&
		    strcmp(paths[i].path, path) == 0) {
			paths[i].serve(visit);
			return;
		}
	refuse(visit, 404, "there is no such admin path");
}

bool
admin_request(struct exchange *exchange)
{
	struct evhttp_request *request = exchange->request;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	struct evbuffer *body = evhttp_request_get_input_buffer(request);
	const char *path = evhttp_uri_get_path(uri);
	const char *query = evhttp_uri_get_query(uri);
	struct visit visit = {
		.exchange = exchange,
		.model = exchange->server->model,
		.len = evbuffer_get_length(body),
		.body = (const char *)evbuffer_pullup(body, -1),
	};

	if (path == NULL || strncmp(path, ROOT, strlen(ROOT)) != 0)
		return false;
	evhttp_parse_query_str(query == NULL ? "" : query, &visit.query);
	serve(&visit, path);
	evhttp_clear_headers(&visit.query);
	return true;
}
