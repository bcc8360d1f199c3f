/* SPDX-License-Identifier: Apache-2.0 */
/* A daemon in a thread, and a terminal in memory. */
#include "unit/ctl_world.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "control/varlink.h"
#include "ctl/ctl.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

enum { PATIENCE_MS = 500 };

static char folder[] = "/tmp/ctl-XXXXXX";
static char *path;
static int listening = -1;
static pthread_t thread;
static bool playing;
static char *out, *err;

/* What the thread has to tell, read when it has ended. */
static char *unexpected;

void
world_setup(void)
{
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	strcpy(folder, "/tmp/ctl-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	path = xasprintf("%s/control.sock", folder);
}

void
world_teardown(void)
{
	world_played();
	unlink(path);
	rmdir(folder);
	free(STEAL(path));
	free(STEAL(out));
	free(STEAL(err));
}

const char *
world_socket(void)
{
	return path;
}

/* ---- the daemon ---- */

/* A whole message, over as many connections as it takes; NULL when nobody
 * comes any more. */
static char *
next_call(int *fd)
{
	struct buf in = BUF_INIT(VARLINK_MAX_CALL + 1);
	char c;

	for (;;) {
		struct pollfd poll_fd = { .fd = listening, .events = POLLIN };

		if (*fd < 0 && poll(&poll_fd, 1, 4 * PATIENCE_MS) != 1)
			return NULL;
		if (*fd < 0)
			*fd = accept(listening, NULL, NULL);
		if (read(*fd, &c, 1) != 1) {
			close(*fd);
			*fd = -1;
			buf_clear(&in);
		} else if (c == '\0') {
			return buf_take(&in);
		} else {
			buf_add(&in, &c, 1);
		}
	}
}

static void
reply(int fd, const struct turn *turn)
{
	for (int i = 0; turn->replies[i] != NULL; i++) {
		size_t len = strlen(turn->replies[i]) + 1;

		if (send(fd, turn->replies[i], len, MSG_NOSIGNAL) !=
		    (ssize_t)len)
			return;
	}
}

static void *
play(void *arg)
{
	int fd = -1;

	for (const struct turn *turn = arg; turn->call != NULL; turn++) {
		FREE_LATER char *call = next_call(&fd);

		if (call == NULL || strcmp(call, turn->call) != 0) {
			unexpected = xasprintf("expected %s, not %s",
			    turn->call, call == NULL ? "nothing" : call);
			break;
		}
		reply(fd, turn);
		if (turn->hang_up) {
			close(fd);
			fd = -1;
		}
	}
	close(listening);
	if (fd >= 0)
		close(fd);
	return NULL;
}

void
world_daemon(const struct turn *turns)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	unlink(path);
	listening = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(address.sun_path, path);
	ck_assert_int_eq(bind(listening, (void *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(listening, 4), 0);
	playing = true;
	ck_assert_int_eq(pthread_create(&thread, NULL, play, (void *)turns), 0);
}

void
world_played(void)
{
	if (!playing)
		return;
	playing = false;
	pthread_join(thread, NULL);
	ck_assert_msg(unexpected == NULL, "%s", unexpected);
}

void
world_forget(void)
{
	playing = false;
	pthread_join(thread, NULL);
	free(STEAL(unexpected));
}

/* ---- the terminal ---- */

int
world_run(int width, const char *const *words)
{
	size_t out_len, err_len;
	char *argv[20] = { (char *)"keyguardctl", (char *)"-s", path };
	int argc = 3, status;
	struct ctl ctl = { .width = width, .patience_ms = PATIENCE_MS };

	free(STEAL(out));
	free(STEAL(err));
	ctl.out = open_memstream(&out, &out_len);
	ctl.err = open_memstream(&err, &err_len);
	for (; *words != NULL; words++)
		argv[argc++] = (char *)*words;
	status = ctl_run(&ctl, argc, argv);
	fclose(ctl.out);
	fclose(ctl.err);
	return status;
}

const char *
world_out(void)
{
	return out;
}

const char *
world_err(void)
{
	return err;
}
