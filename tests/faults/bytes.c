/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connection ends after every byte of every kind of answer: of each
 * operation, good or a refusal, by RST and by FIN, over plain HTTP and TLS, on
 * a new connection and on one that was kept. The client is the real one, down
 * to the socket; the answers are the sandbox's. Each call has to end once and
 * soon, by an error that will be retried, or, where all of the answer came, by
 * what it says; then the client has to work, and nothing may be left over.
 *
 * `bytes STRIDE` tries each STRIDE-th position where TLS or an unusual framing
 * is (7); `make faults` has them all.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/cut_world.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/log.h"

#define RECORD 64 /* more than TLS adds to a head */

/* One way to go through all positions. */
struct way {
	const char *name;
	bool tls;
	enum framing framing;
	struct cut cut;
	bool kept;     /* on a connection that has served a call */
	bool sparsely; /* unless all are asked for */
};

static const struct way ways[] = {
	{ "RST", false, BY_LENGTH, { 0, CUT_RESET, false, false }, false,
	    false },
	{ "RST, later", false, BY_LENGTH, { 0, CUT_RESET, true, false }, true,
	    false },
	{ "FIN", false, BY_LENGTH, { 0, CUT_CLOSE, false, false }, true,
	    false },
	{ "FIN, later", false, BY_LENGTH, { 0, CUT_CLOSE, true, false }, false,
	    false },
	{ "RST in chunks", false, BY_CHUNKS, { 0, CUT_RESET, false, false },
	    false, true },
	{ "FIN in chunks", false, BY_CHUNKS, { 0, CUT_CLOSE, false, false },
	    true, true },
	{ "RST without length", false, BY_CLOSE, { 0, CUT_RESET, false, false },
	    false, true },
	{ "FIN without length", false, BY_CLOSE, { 0, CUT_CLOSE, false, false },
	    true, true },
	{ "RST under TLS", true, BY_LENGTH, { 0, CUT_RESET, false, false },
	    false, true },
	{ "RST under TLS, later", true, BY_LENGTH,
	    { 0, CUT_RESET, true, false }, true, true },
	{ "FIN under TLS", true, BY_LENGTH, { 0, CUT_CLOSE, false, false },
	    true, true },
	{ "close_notify", true, BY_LENGTH, { 0, CUT_NOTIFY, false, false },
	    true, true },
	{ "close_notify, without length", true, BY_CLOSE,
	    { 0, CUT_NOTIFY, false, false }, false, true },
	{ "RST from the handshake on", true, BY_LENGTH,
	    { 0, CUT_RESET, false, true }, false, true },
	{ "FIN from the handshake on", true, BY_LENGTH,
	    { 0, CUT_CLOSE, true, true }, false, true },
};

struct tally {
	uint64_t kinds, positions, failed;
};

static bool __attribute__((format(printf, 1, 2)))
complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("# ");
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	return false;
}

static size_t
descriptors(void)
{
	DIR *all = opendir("/proc/self/fd");
	size_t count = 0;

	while (readdir(all) != NULL)
		count++;
	closedir(all);
	return count;
}

static bool
same(const struct outcome *one, const struct outcome *other)
{
	return strcmp(one->error.name, other->error.name) == 0 &&
	    strcmp(one->result, other->result) == 0;
}

/* Whether the client cannot have read a line of the answer: then it takes a
 * kept connection for one that was closed meanwhile, and sends once more. */
static bool
is_early(const struct cut_world *world, const struct way *way, size_t position)
{
	size_t line = way->tls ? world->head.len + RECORD
			       : strcspn(buf_text(&world->head), "\n") + 1;

	return way->kept && position < line;
}

/* Whether an end that belongs to the whole answer is one for a part of it, or
 * for all of it. Where it ends with its connection nobody can miss the rest;
 * and what follows the chunk of no bytes is nothing. */
static bool
may_be_whole(
    const struct cut_world *world, const struct way *way, size_t position)
{
	size_t missing = cut_peer_held_back(world->peer);

	return missing == 0 || is_early(world, way, position) ||
	    way->framing == BY_CLOSE ||
	    (way->framing == BY_CHUNKS && missing <= strlen(NO_TRAILERS));
}

/* Whether it is the right failure of a call whose answer was cut. */
static bool
may_be_cut(const struct cut_world *world, const struct way *way)
{
	const struct error *error = &world->outcome.error;

	if (error->class != CLASS_TRANSIENT)
		return false;
	/* A RST after the last byte is a loss where a FIN is the end. */
	if (cut_peer_held_back(world->peer) == 0)
		return way->framing == BY_CLOSE && way->cut.end == CUT_RESET;
	if (strcmp(error->name, "Http.Reset") == 0)
		return true;
	if (way->cut.from_start)
		return strcmp(error->name, "Http.TlsFailed") == 0;
	return way->framing == BY_CLOSE &&
	    (strcmp(error->name, "Aws.MalformedAnswer") == 0 ||
		strncmp(error->name, "Http.Status", 11) == 0);
}

static bool
check_end(const struct cut_world *world, const struct way *way, size_t position,
    const struct outcome *whole)
{
	const struct outcome *outcome = &world->outcome;

	if (outcome->ended != 1)
		return complain("%u callbacks", outcome->ended);
	if (same(outcome, whole) ? may_be_whole(world, way, position)
				 : may_be_cut(world, way))
		return true;
	return complain("it ended with %s, %s: %s",
	    outcome->error.name[0] != '\0' ? outcome->error.name
					   : outcome->result,
	    error_class_name(outcome->error.class), outcome->error.cause);
}

/* Cuts the answer to one call at a position. */
static bool
try(struct cut_world *world, const struct call_kind *kind,
    const struct way *way, size_t position, const struct outcome *whole)
{
	unsigned before = cut_peer_requests(world->peer), sent;
	struct cut cut = way->cut;

	cut.bytes = position;
	cut_peer_cut(world->peer, &cut);
	if (!cut_world_call(world, kind))
		return complain("it hangs");
	if (!check_end(world, way, position, whole))
		return false;
	sent = cut_peer_requests(world->peer) - before;
	if (sent > (is_early(world, way, position) ? 2 : 1))
		return complain("it was sent %u times", sent);
	/* The client works, and if connections are kept, there is one. */
	if (!cut_world_call(world, kind) || !same(&world->outcome, whole) ||
	    world->outcome.ended != 1)
		return complain(
		    "the next call: %s", world->outcome.error.cause);
	return true;
}

/* Goes through the positions of one kind of answer; the last is that at which
 * nothing is held back. */
static bool
try_all(struct cut_world *world, const struct call_kind *kind,
    const struct way *way, size_t stride, struct tally *tally)
{
	struct outcome whole;
	size_t position;
	bool ok = true;

	cut_world_forget(world);
	if (!cut_world_call(world, kind))
		return complain("%s.%s hangs", kind->service, kind->name);
	whole = world->outcome;
	for (position = 0;; position += stride) {
		tally->positions++;
		if (!try(world, kind, way, position, &whole)) {
			complain("%s.%s, %s, byte %zu", kind->service,
			    kind->name, way->name, position);
			tally->failed++;
			ok = false;
		}
		if (cut_peer_held_back(world->peer) == 0)
			break;
	}
	tally->kinds++;
	return ok;
}

/* A refusal instead of a good answer. */
static void
refuse(struct cut_world *world, const struct call_kind *kind)
{
	FREE_LATER char *json = xasprintf("{\"faults\":[{\"do\":\"error\","
					  "\"code\":\"%s\"}]}",
	    kind->refusal);

	cut_world_load(world, json);
}

static bool
go(const struct way *way, size_t stride, struct tally *tally)
{
	const struct call_kind *kind;
	struct cut_world world;
	bool ok = true;

	cut_world_init(&world, way->tls, way->framing, way->kept);
	for (kind = call_kinds; kind->service != NULL; kind++) {
		ok &= try_all(&world, kind, way, stride, tally);
		refuse(&world, kind);
		ok &= try_all(&world, kind, way, stride, tally);
		cut_world_load(&world, "{\"faults\":[]}");
		/* The handshake is the same for all. */
		if (way->cut.from_start)
			break;
	}
	cut_world_done(&world);
	return ok;
}

int
main(int argc, char **argv)
{
	size_t sparse = argc > 1 ? strtoul(argv[1], NULL, 10) : 7;
	size_t count = sizeof ways / sizeof *ways;
	struct tally tally = { 0 };
	bool all = true;

	log_threshold(LEVEL_ERROR);
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		size_t before = descriptors();
		bool ok = go(&ways[i], ways[i].sparsely ? sparse : 1, &tally);

		if (descriptors() != before)
			ok = complain("%zu descriptors, and %zu before",
			    descriptors(), before);
		printf("%sok - %s\n", ok ? "" : "not ", ways[i].name);
		fflush(stdout);
		all &= ok;
	}
	printf("# bytes: %" PRIu64 " answers cut at %" PRIu64
	       " positions, %" PRIu64 " amiss\n",
	    tally.kinds, tally.positions, tally.failed);
	return all ? EXIT_SUCCESS : EXIT_FAILURE;
}
