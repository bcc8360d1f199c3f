/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long polls are parked here with the ticket that the model gave them.
 */
#include "fake/fake_cloud.h"

#include <stdlib.h>
#include <strings.h>

#include "sandbox/model.h"
#include "util/alloc.h"
#include "util/clock.h"

#define HEADERS 30 /* that a client sets */

struct parked {
	TAILQ_ENTRY(parked) next;
	struct fake_cloud *cloud;
	struct http_request *request;
	uint64_t ticket;
	struct loop_timer wake;
};

TAILQ_HEAD(parkeds, parked);

struct fake_cloud {
	struct loop *loop;
	struct model *model;
	struct parkeds parked;
	struct loop_defer look;
};

static int64_t
now(const struct fake_cloud *cloud)
{
	return clock_wall_ms(loop_clock(cloud->loop));
}

static void
parked_free(struct parked *parked)
{
	TAILQ_REMOVE(&parked->cloud->parked, parked, next);
	loop_timer_done(&parked->wake);
	free(parked);
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

/* ---- long polls ---- */

static void
look_again(struct parked *parked)
{
	struct fake_cloud *cloud = parked->cloud;
	struct model_answer answer;

	model_resume(cloud->model, parked->ticket, now(cloud), &answer);
	if (answer.end != MODEL_PARK) {
		deliver(parked->request, &answer);
		parked_free(parked);
	}
	model_answer_done(&answer);
}

static void
on_wake(void *arg)
{
	look_again(arg);
}

static void
on_look(void *arg)
{
	struct fake_cloud *cloud = arg;
	struct parked *parked = TAILQ_FIRST(&cloud->parked), *next;

	for (; parked != NULL; parked = next) {
		next = TAILQ_NEXT(parked, next);
		look_again(parked);
	}
}

static void
park(struct fake_cloud *cloud, struct http_request *request,
    const struct model_answer *answer)
{
	struct parked *parked = xzalloc(sizeof *parked);

	parked->cloud = cloud;
	parked->request = request;
	parked->ticket = answer->ticket;
	loop_timer_init(&parked->wake, cloud->loop, on_wake, parked);
	loop_timer_set(&parked->wake, answer->wake_ms - now(cloud));
	TAILQ_INSERT_TAIL(&cloud->parked, parked, next);
}

/* ---- the cloud ---- */

struct fake_cloud *
fake_cloud_new(struct loop *loop, struct model *model)
{
	struct fake_cloud *cloud = xzalloc(sizeof *cloud);

	cloud->loop = loop;
	cloud->model = model;
	TAILQ_INIT(&cloud->parked);
	loop_defer_init(&cloud->look, loop, on_look, cloud);
	return cloud;
}

void
fake_cloud_free(struct fake_cloud *cloud)
{
	if (cloud == NULL)
		return;
	while (!TAILQ_EMPTY(&cloud->parked))
		parked_free(TAILQ_FIRST(&cloud->parked));
	loop_defer_clear(&cloud->look);
	free(cloud);
}

void
fake_cloud_changed(struct fake_cloud *cloud)
{
	loop_defer_set(&cloud->look);
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

void
fake_cloud_serve(struct fake_cloud *cloud, struct http_request *request)
{
	const struct http_message *message = &request->message;
	struct model_header headers[HEADERS + 2];
	struct http_url url;
	struct model_request in;
	struct model_answer answer;

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
	model_request(cloud->model, &in, now(cloud), &answer);
	if (answer.end == MODEL_PARK)
		park(cloud, request, &answer);
	else
		deliver(request, &answer);
	model_answer_done(&answer);
	fake_cloud_changed(cloud);
}

void
fake_cloud_forget(struct fake_cloud *cloud, const struct http_request *request)
{
	struct parked *parked = TAILQ_FIRST(&cloud->parked);

	while (parked != NULL && parked->request != request)
		parked = TAILQ_NEXT(parked, next);
	if (parked == NULL)
		return;
	model_forget(cloud->model, parked->ticket);
	parked_free(parked);
}
