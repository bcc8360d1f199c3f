/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A flight is a request on its way to AWS; or parked there with the ticket that
 * the model gave it, a long poll; or the answer on its way back.
 */
#include "fake/fake_cloud.h"

#include <stdlib.h>
#include <strings.h>

#include "sandbox/model.h"
#include "util/alloc.h"
#include "util/clock.h"

#define HEADERS 30 /* that a client sets */

enum where { THERE, PARKED, BACK };

struct flight {
	TAILQ_ENTRY(flight) next;
	struct fake_cloud *cloud;
	struct http_request *request; /* NULL: nobody waits for it */
	struct http_message orphan;   /* what was sent, when nobody does */
	struct fake_way way;
	enum where where;
	struct loop_timer timer;
	struct json_object *entry; /* of the model's log, which has it */
	uint64_t ticket;
	struct model_answer answer;
};

TAILQ_HEAD(flights, flight);

struct fake_cloud {
	struct flights flights; /* first: pmccabe stumbles over it as last */
	struct loop *loop;
	struct model *model;
	struct loop_defer look;
};

static int64_t
now(const struct fake_cloud *cloud)
{
	return clock_wall_ms(loop_clock(cloud->loop));
}

static void
flight_free(struct flight *flight)
{
	TAILQ_REMOVE(&flight->cloud->flights, flight, next);
	loop_timer_done(&flight->timer);
	model_answer_done(&flight->answer);
	if (flight->orphan.url != NULL)
		fake_http_forget(&flight->orphan);
	free(flight);
}

/* ---- answers ---- */

static const char *
header(const struct model_answer *answer, const char *name)
{
	for (size_t i = 0; i < MODEL_HEADERS; i++)
		if (answer->headers[i].name != NULL &&
		    strcasecmp(answer->headers[i].name, name) == 0)
			return answer->headers[i].value;
	return NULL;
}

static void
answer_whole(struct http_request *request, const struct model_answer *answer)
{
	const struct http_answer whole = {
		.status = answer->status,
		.body = answer->body == NULL ? "" : answer->body,
		.body_len = answer->body_len,
		.request_id = header(answer, "x-amzn-RequestId"),
		.error_type = header(answer, "x-amzn-errortype"),
		.query_error = header(answer, "x-amzn-query-error"),
		.content_type = header(answer, "Content-Type"),
		.date_ms = http_date_parse(header(answer, "Date")),
	};

	fake_http_answer(request, &whole);
}

static void
deliver(struct http_request *request, const struct model_answer *answer)
{
	struct error error;

	switch (answer->end) {
	case MODEL_ANSWER:
		answer_whole(request, answer);
		break;
	case MODEL_CLOSE:
	case MODEL_RESET:
		error_set_class(&error, CLASS_TRANSIENT, "Http.Reset",
		    "the connection broke");
		fake_http_fail(request, &error);
		break;
	case MODEL_PARK:
	case MODEL_HANG:
		break;
	}
}

static void
land(struct flight *flight)
{
	if (flight->request != NULL)
		deliver(flight->request, &flight->answer);
	flight_free(flight);
}

/* How long the answer takes: it may be late, and it may drip. */
static int64_t
duration(const struct flight *flight)
{
	const struct model_answer *answer = &flight->answer;

	return flight->way.back_ms + answer->delay_ms +
	    answer->byte_ms * (int64_t)answer->body_len;
}

/* ---- what becomes of a flight at AWS ---- */

static void
depart(struct flight *flight)
{
	if (flight->way.on_answer != NULL)
		flight->way.on_answer(
		    flight->way.arg, flight->entry, &flight->answer);
	flight->where = BACK;
	if (flight->request == NULL || duration(flight) == 0)
		land(flight);
	else
		loop_timer_set(&flight->timer, duration(flight));
}

static void
park(struct flight *flight)
{
	flight->where = PARKED;
	flight->ticket = flight->answer.ticket;
	if (flight->request == NULL) {
		model_forget(flight->cloud->model, flight->ticket);
		flight_free(flight);
		return;
	}
	loop_timer_set(
	    &flight->timer, flight->answer.wake_ms - now(flight->cloud));
}

static void
go_on(struct flight *flight)
{
	if (flight->answer.end == MODEL_PARK)
		park(flight);
	else
		depart(flight);
}

static void
look_again(struct flight *flight)
{
	struct fake_cloud *cloud = flight->cloud;

	model_answer_done(&flight->answer);
	model_resume(cloud->model, flight->ticket, now(cloud), &flight->answer);
	go_on(flight);
}

static void
on_look(void *arg)
{
	struct fake_cloud *cloud = arg;
	struct flight *flight = TAILQ_FIRST(&cloud->flights), *next;

	for (; flight != NULL; flight = next) {
		next = TAILQ_NEXT(flight, next);
		if (flight->where == PARKED)
			look_again(flight);
	}
}

/* As curl would: Host first, then what the client has set. */
static void
copy_headers(const struct http_message *message, const char *host,
    struct model_header *out)
{
	const struct http_header *in = message->headers;

	*out++ = (struct model_header){ "Host", host };
	for (size_t i = 0; i < HEADERS && in[i].name != NULL; i++)
		*out++ = (struct model_header){ in[i].name, in[i].value };
	*out = (struct model_header){ NULL, NULL };
}

static void
arrive(struct flight *flight)
{
	struct fake_cloud *cloud = flight->cloud;
	const struct http_message *message = flight->request != NULL
	    ? &flight->request->message
	    : &flight->orphan;
	struct model_header headers[HEADERS + 2];
	struct http_url url;
	struct model_request in;

	if (!http_url_parse(message->url, &url, NULL))
		abort();
	copy_headers(message, url.host, headers);
	in = (struct model_request){
		.method = message->method,
		.target = url.path,
		.headers = headers,
		.body = message->body,
		.body_len = message->body_len,
	};
	model_request(cloud->model, &in, now(cloud), &flight->answer);
	flight->entry = model_last_call(cloud->model);
	go_on(flight);
	fake_cloud_changed(cloud);
}

static void
on_timer(void *arg)
{
	struct flight *flight = arg;

	switch (flight->where) {
	case THERE:
		arrive(flight);
		break;
	case PARKED:
		look_again(flight);
		break;
	case BACK:
		land(flight);
		break;
	}
}

/* ---- the cloud ---- */

struct fake_cloud *
fake_cloud_new(struct loop *loop, struct model *model)
{
	struct fake_cloud *cloud = xzalloc(sizeof *cloud);

	cloud->loop = loop;
	cloud->model = model;
	TAILQ_INIT(&cloud->flights);
	loop_defer_init(&cloud->look, loop, on_look, cloud);
	return cloud;
}

void
fake_cloud_free(struct fake_cloud *cloud)
{
	if (cloud == NULL)
		return;
	while (!TAILQ_EMPTY(&cloud->flights))
		flight_free(TAILQ_FIRST(&cloud->flights));
	loop_defer_clear(&cloud->look);
	free(cloud);
}

void
fake_cloud_changed(struct fake_cloud *cloud)
{
	loop_defer_set(&cloud->look);
}

void
fake_cloud_serve(struct fake_cloud *cloud, struct http_request *request,
    const struct fake_way *way)
{
	struct flight *flight = xzalloc(sizeof *flight);

	flight->cloud = cloud;
	flight->request = request;
	if (way != NULL)
		flight->way = *way;
	loop_timer_init(&flight->timer, cloud->loop, on_timer, flight);
	TAILQ_INSERT_TAIL(&cloud->flights, flight, next);
	if (flight->way.there_ms > 0)
		loop_timer_set(&flight->timer, flight->way.there_ms);
	else
		arrive(flight);
}

static struct flight *
flight_of(const struct fake_cloud *cloud, const struct http_request *request)
{
	struct flight *flight;

	TAILQ_FOREACH (flight, &cloud->flights, next)
		if (flight->request == request)
			return flight;
	return NULL;
}

void
fake_cloud_forget(struct fake_cloud *cloud, const struct http_request *request)
{
	struct flight *flight = flight_of(cloud, request);

	if (flight == NULL)
		return;
	if (flight->where == THERE) {
		flight->orphan = fake_http_copy(&request->message);
		flight->request = NULL;
		return;
	}
	if (flight->where == PARKED)
		model_forget(cloud->model, flight->ticket);
	flight_free(flight);
}
