/* SPDX-License-Identifier: Apache-2.0 */
/* A client, a server, and what the one is to say to the other. */
#include "faults/cut_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "aws/client.h"
#include "aws/credentials.h"
#include "loop/http.h"
#include "sandbox/model.h"
#include "sandbox/tls.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"

#define SOON_MS SECONDS(5) /* much less than a call's own timeout */
#define HEADERS 30

/* ---- answers ---- */

static size_t
split_headers(char *head, struct model_header headers[HEADERS + 1])
{
	size_t count = 0;
	char *line = strstr(head, "\r\n");

	while (count < HEADERS && line != NULL && line[2] != '\r') {
		char *name = line + 2, *value = strstr(name, ": ");

		line = strstr(name, "\r\n");
		if (value == NULL || line == NULL)
			break;
		*value = *line = '\0';
		headers[count++] =
		    (struct model_header){ name, value + strlen(": ") };
	}
	headers[count] = (struct model_header){ NULL, NULL };
	return count;
}

static void
ask_model(
    struct cut_world *world, const char *request, size_t head_len, size_t len)
{
	FREE_LATER char *head = xmemdup0(request, head_len);
	struct model_header headers[HEADERS + 1];
	struct model_answer answer;
	struct model_request in = {
		.method = "POST",
		.target = "/",
		.headers = headers,
		.body = request + head_len,
		.body_len = len - head_len,
	};

	split_headers(head, headers);
	model_request(
	    world->model, &in, clock_wall_ms(loop_clock(world->loop)), &answer);
	buf_printf(&world->head, "HTTP/1.1 %d Cut\r\n", answer.status);
	for (size_t i = 0; answer.headers[i].name != NULL; i++)
		buf_printf(&world->head, "%s: %s\r\n", answer.headers[i].name,
		    answer.headers[i].value);
	buf_add(&world->body, answer.body, answer.body_len);
	model_answer_done(&answer);
	world->recorded = true;
}

/* The answer as it was recorded, so that all positions are of the same. */
static bool
on_request(void *arg, const char *request, size_t head_len, size_t len,
    struct buf *ret_head, struct buf *ret_body)
{
	struct cut_world *world = arg;
	const struct buf *body = &world->body;
	bool keep = world->keep && world->framing != BY_CLOSE;
	size_t half;

	if (!world->recorded)
		ask_model(world, request, head_len, len);
	half = body->len / 2;
	buf_add(ret_head, world->head.data, world->head.len);
	if (!keep)
		buf_puts(ret_head, "Connection: close\r\n");
	switch (world->framing) {
	case BY_LENGTH:
		buf_printf(ret_head, "Content-Length: %zu\r\n\r\n", body->len);
		buf_add(ret_body, body->data, body->len);
		break;
	case BY_CHUNKS:
		buf_puts(ret_head, "Transfer-Encoding: chunked\r\n\r\n");
		buf_printf(ret_body,
		    "%zx\r\n%.*s\r\n%zx\r\n%s\r\n0" NO_TRAILERS, half,
		    (int)half, body->data, body->len - half, body->data + half);
		break;
	case BY_CLOSE:
		buf_puts(ret_head, "\r\n");
		buf_add(ret_body, body->data, body->len);
		break;
	}
	return keep;
}

/* ---- the world ---- */

static void
on_bound(void *arg)
{
	struct cut_world *world = arg;

	world->bound_passed = true;
	loop_stop(world->loop);
}

static const char *
variable(void *arg, const char *name)
{
	(void)arg;
	if (strcmp(name, "AWS_ACCESS_KEY_ID") == 0)
		return "AKIAIOSFODNN7EXAMPLE";
	if (strcmp(name, "AWS_SECRET_ACCESS_KEY") == 0)
		return "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
	return NULL;
}

void
cut_world_load(struct cut_world *world, const char *json)
{
	DOC_LATER struct json_object *doc = doc_parse(json, strlen(json), NULL);

	if (!model_load(world->model, doc,
		clock_wall_ms(loop_clock(world->loop)), NULL))
		abort();
}

/* The authority's certificate is in a file as long as it is read. */
static struct http *
http_client(const struct cut_world *world)
{
	char path[32];
	struct http *http;
	int fd;

	if (world->tls == NULL)
		return http_new(world->loop, NULL, NULL);
	fd = memfd_create("authority", MFD_CLOEXEC);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (!tls_write_ca(world->tls, path, NULL))
		abort();
	http = http_new(world->loop, path, NULL);
	close(fd);
	return http;
}

static void
client_init(struct cut_world *world)
{
	static const struct credentials_sources sources = { .env = variable };
	struct aws_settings settings = {
		.region = "us-east-1",
		.lookup_rate = 1e6,
	};
	FREE_LATER char *url = xasprintf("%s://127.0.0.1:%d/",
	    world->tls != NULL ? "https" : "http", cut_peer_port(world->peer));

	for (unsigned i = 0; i < AWS_SERVICES; i++)
		settings.endpoint[i] = url;
	world->http = http_client(world);
	world->credentials = credentials_chain_new(world->loop, &sources);
	world->aws = aws_new(
	    world->loop, world->http, world->credentials, &settings, NULL);
}

void
cut_world_init(
    struct cut_world *world, bool tls, enum framing framing, bool keep)
{
	*world = (struct cut_world){
		.framing = framing,
		.keep = keep,
		.head = BUF_INIT(1 << 16),
		.body = BUF_INIT(1 << 16),
	};
	world->loop = loop_new();
	world->outcome.loop = world->loop;
	if (tls)
		world->tls = tls_new(clock_wall_ms(loop_clock(world->loop)));
	world->peer = cut_peer_new(world->loop, world->tls, on_request, world);
	world->model = model_new(1);
	loop_timer_init(&world->bound, world->loop, on_bound, world);
	cut_world_load(world, calls_state);
	client_init(world);
}

void
cut_world_done(struct cut_world *world)
{
	aws_free(world->aws);
	world->credentials->free(world->credentials->self);
	http_free(world->http);
	cut_peer_free(world->peer);
	tls_free(world->tls);
	model_free(world->model);
	loop_timer_done(&world->bound);
	loop_free(world->loop);
	buf_done(&world->head);
	buf_done(&world->body);
}

void
cut_world_forget(struct cut_world *world)
{
	world->recorded = false;
	buf_clear(&world->head);
	buf_clear(&world->body);
}

bool
cut_world_call(struct cut_world *world, const struct call_kind *kind)
{
	world->outcome.ended = 0;
	world->bound_passed = false;
	loop_timer_set(&world->bound, SOON_MS);
	kind->start(world->aws, &world->outcome);
	loop_run(world->loop);
	loop_timer_clear(&world->bound);
	return !world->bound_passed;
}
