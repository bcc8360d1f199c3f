/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguard-sandbox: a small AWS on 127.0.0.1 for tests and the demo. It says
 * where it listens in one line of JSON, and ends with whoever started it.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/event.h>

#include "sandbox/model.h"
#include "sandbox/server.h"
#include "sandbox/tls.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define DOCUMENT_MAX ((size_t)64 << 20)

static const char usage[] =
    "usage: keyguard-sandbox [OPTION...]\n"
    "  --plain             http (the default is https)\n"
    "  --port N            listen there; 0, the default, takes any\n"
    "  --load FILE         start with this state\n"
    "  --certificate KIND  good, expired, not-yet, self-signed, other-host\n"
    "  --ca-out FILE       write the authority's certificate\n"
    "  --ready-file FILE   say where it listens in FILE, not on stdout\n"
    "  --ready-fd N        or on this descriptor\n"
    "  --latency-ms N      answer AWS's calls so much later\n"
    "  --seed N            of ids and chances\n";

struct options {
	bool plain;
	uint16_t port;
	const char *load;
	const char *certificate;
	const char *ca_out;
	const char *ready_file;
	int ready_fd;
	double latency_ms;
	uint64_t seed;
};

static const struct option names[] = {
	{ "plain", no_argument, NULL, 'p' },
	{ "tls", no_argument, NULL, 't' },
	{ "port", required_argument, NULL, 'P' },
	{ "load", required_argument, NULL, 'l' },
	{ "certificate", required_argument, NULL, 'c' },
	{ "ca-out", required_argument, NULL, 'o' },
	{ "ready-file", required_argument, NULL, 'r' },
	{ "ready-fd", required_argument, NULL, 'f' },
	{ "latency-ms", required_argument, NULL, 'L' },
	{ "seed", required_argument, NULL, 's' },
	{ NULL, 0, NULL, 0 },
};

static bool
take_option(struct options *options, int name, const char *value)
{
	switch (name) {
	case 'p':
	case 't':
		options->plain = name == 'p';
		return true;
	case 'P':
		options->port = (uint16_t)strtoul(value, NULL, 10);
		return true;
	case 'l':
		options->load = value;
		return true;
	case 'c':
		options->certificate = value;
		return true;
	case 'o':
		options->ca_out = value;
		return true;
	case 'r':
		options->ready_file = value;
		return true;
	case 'f':
		options->ready_fd = (int)strtol(value, NULL, 10);
		return true;
	case 'L':
		options->latency_ms = strtod(value, NULL);
		return true;
	case 's':
		options->seed = strtoull(value, NULL, 10);
		return true;
	}
	return false;
}

static bool
read_options(struct options *options, int argc, char **argv)
{
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!take_option(options, name, optarg))
			return false;
	return optind == argc;
}

static bool
read_file(const char *path, struct buf *out, struct error *error)
{
	char part[65536];
	FILE *file = fopen(path, "re");
	size_t len;

	if (file == NULL)
		return error_set(error, "Sandbox.CannotRead", "%s: %s", path,
		    strerror(errno));
	while ((len = fread(part, 1, sizeof part, file)) > 0)
		buf_add(out, part, len);
	fclose(file);
	return buf_ok(out);
}

static bool
load(struct model *model, const char *path, struct error *error)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(DOCUMENT_MAX);
	DOC_LATER struct json_object *document = NULL;

	if (!read_file(path, &text, error))
		return false;
	document = doc_parse(buf_text(&text), text.len, error);
	return document != NULL &&
	    model_load(model, document, server_now_ms(), error);
}

/* One line that says where the sandbox is. */
static bool
say_ready(const struct options *options, const struct server *server,
    struct error *error)
{
	FREE_LATER char *line = xasprintf(
	    "{\"endpoint\":\"%s://127.0.0.1:%d\",\"port\":%d,\"pid\":%d}\n",
	    options->plain ? "http" : "https", server->port, server->port,
	    getpid());
	ssize_t len = (ssize_t)strlen(line);
	int fd = options->ready_file == NULL
	    ? options->ready_fd
	    : open(options->ready_file,
		  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, line, (size_t)len) != len)
		return error_set(error, "Sandbox.CannotWrite",
		    "cannot say where: %s", strerror(errno));
	/* Who waits for the end of it shall not wait for ours. */
	if (fd > STDERR_FILENO)
		close(fd);
	return true;
}

static void
on_stop(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	event_base_loopbreak(arg);
}

/* A pipe or socket that was given as stdin ends when its other end goes. */
static void
on_stdin(evutil_socket_t fd, short what, void *arg)
{
	char rubbish[512];

	(void)what;
	if (read(fd, rubbish, sizeof rubbish) <= 0)
		event_base_loopbreak(arg);
}

/* Runs until a signal, or until whoever started us has gone. */
static void
run(struct event_base *base)
{
	struct event *term = evsignal_new(base, SIGTERM, on_stop, base);
	struct event *quit = evsignal_new(base, SIGINT, on_stop, base);
	struct event *end =
	    event_new(base, STDIN_FILENO, EV_READ | EV_PERSIST, on_stdin, base);
	struct stat input;

	event_add(term, NULL);
	event_add(quit, NULL);
	if (fstat(STDIN_FILENO, &input) == 0 &&
	    (S_ISFIFO(input.st_mode) || S_ISSOCK(input.st_mode)))
		event_add(end, NULL);
	event_base_dispatch(base);
	event_free(term);
	event_free(quit);
	event_free(end);
}

static bool
serve(const struct options *options, struct event_base *base,
    struct model *model, struct tls *tls, struct error *error)
{
	struct server server;
	bool ready;

	if (!server_init(&server, base, model, tls, options->port))
		error_set(error, "Sandbox.CannotListen", "port %d: %s",
		    options->port, strerror(errno));
	server.latency_us = (int64_t)(options->latency_ms * 1000);
	ready = server.port != 0 && say_ready(options, &server, error);
	if (ready)
		run(base);
	server_done(&server);
	return ready;
}

static bool
prepare(const struct options *options, struct model *model, struct tls *tls,
    struct error *error)
{
	if (options->load != NULL && !load(model, options->load, error))
		return false;
	if (tls == NULL)
		return true;
	return tls_use(tls, options->certificate, server_now_ms(), error) &&
	    (options->ca_out == NULL ||
		tls_write_ca(tls, options->ca_out, error));
}

/* A base whose timers are exact: latencies are measured. */
static struct event_base *
new_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	event_config_set_flag(config,
	    EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NO_CACHE_TIME);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

int
main(int argc, char **argv)
{
	struct options options = {
		.certificate = "good", .ready_fd = STDOUT_FILENO, .seed = 1
	};
	pid_t parent = getppid();
	struct event_base *base;
	struct model *model;
	struct tls *tls;
	struct error error;
	bool ok;

	if (!read_options(&options, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	base = new_base();
	model = model_new(options.seed);
	tls = options.plain ? NULL : tls_new(server_now_ms());
	ok = prepare(&options, model, tls, &error) &&
	    serve(&options, base, model, tls, &error);
	if (!ok)
		fprintf(stderr, "keyguard-sandbox: %s\n", error.cause);
	tls_free(tls);
	model_free(model);
	event_base_free(base);
	libevent_global_shutdown();
	return ok ? 0 : 1;
}
