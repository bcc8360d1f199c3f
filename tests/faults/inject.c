/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD into the built daemon: counts its calls of a few functions,
 * and at the n-th of one kills the process before or after it, or lets it fail.
 * README.md says how that is asked for. Whatever comes first in the order of
 * symbols after this object is called: libc, or a sanitizer.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <openssl/ssl.h>

#define RULES 8

enum call {
	ACCEPT4,
	CONNECT,
	EPOLL_CTL,
	EPOLL_WAIT,
	FDATASYNC,
	FSYNC,
	FTRUNCATE,
	MALLOC,
	OPEN,
	PWRITE,
	READ,
	RECV,
	SEND,
	SENDMSG,
	SENDTO,
	SOCKET,
	SSL_READ,
	SSL_WRITE,
	WRITE,
	CALLS,
};

struct counter {
	char name[24];
	atomic_uint_least64_t count;
};

/* What a rule does, and to which calls. */
enum deed { NOTHING, KILL_BEFORE, KILL_AFTER, FAIL_AT, FAIL_FROM };

struct rule {
	enum deed deed;
	enum call call;
	uint64_t nth;
	int error;
};

static struct {
	struct counter first[CALLS];
	struct counter *counters;     /* those, or of a file that is shared */
	struct rule rules[RULES + 1]; /* one that does nothing ends them */
} inject = {
	.first = {
		[ACCEPT4] = { .name = "accept4" },
		[CONNECT] = { .name = "connect" },
		[EPOLL_CTL] = { .name = "epoll_ctl" },
		[EPOLL_WAIT] = { .name = "epoll_wait" },
		[FDATASYNC] = { .name = "fdatasync" },
		[FSYNC] = { .name = "fsync" },
		[FTRUNCATE] = { .name = "ftruncate" },
		[MALLOC] = { .name = "malloc" },
		[OPEN] = { .name = "open" },
		[PWRITE] = { .name = "pwrite" },
		[READ] = { .name = "read" },
		[RECV] = { .name = "recv" },
		[SEND] = { .name = "send" },
		[SENDMSG] = { .name = "sendmsg" },
		[SENDTO] = { .name = "sendto" },
		[SOCKET] = { .name = "socket" },
		[SSL_READ] = { .name = "SSL_read" },
		[SSL_WRITE] = { .name = "SSL_write" },
		[WRITE] = { .name = "write" },
	},
	.counters = inject.first,
};

static void
die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* Counts a call and applies what is to come before it; false, with errno, when
 * it is to fail. */
static bool
before(enum call call, uint64_t *ret_nth)
{
	uint64_t nth = atomic_fetch_add(&inject.counters[call].count, 1) + 1;

	for (const struct rule *rule = inject.rules; rule->deed; rule++) {
		if (rule->call != call)
			continue;
		if (rule->deed == KILL_BEFORE && rule->nth == nth)
			die();
		if ((rule->deed == FAIL_AT && rule->nth == nth) ||
		    (rule->deed == FAIL_FROM && rule->nth <= nth)) {
			errno = rule->error;
			return false;
		}
	}
	*ret_nth = nth;
	return true;
}

static void
after(enum call call, uint64_t nth)
{
	for (const struct rule *rule = inject.rules; rule->deed; rule++)
		if (rule->call == call && rule->deed == KILL_AFTER &&
		    rule->nth == nth)
			die();
}

/* Not for what is no socket: the log, wake-ups, files. */
static bool
is_socket(int fd)
{
	int saved = errno;
	struct stat st;
	bool is = fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);

	errno = saved;
	return is;
}

/*
 * Defines a function that is counted as `call` if `counts`, and returns `bad`
 * where it is made to fail; its arguments follow the parameters.
 */
#define WRAP(call, counts, bad, type, name, parameters, ...)                   \
	type name parameters                                                   \
	{                                                                      \
		static type(*real) parameters;                                 \
		bool counted = (counts);                                       \
		uint64_t nth = 0;                                              \
		type result;                                                   \
                                                                               \
		if (real == NULL)                                              \
			*(void **)&real = dlsym(RTLD_NEXT, #name);             \
		if (counted && !before(call, &nth))                            \
			return (bad);                                          \
		result = real(__VA_ARGS__);                                    \
		if (counted)                                                   \
			after(call, nth);                                      \
		return result;                                                 \
	}

WRAP(ACCEPT4, true, -1, int, accept4,
    (int fd, struct sockaddr *address, socklen_t *len, int flags), fd, address,
    len, flags);
WRAP(CONNECT, true, -1, int, connect,
    (int fd, const struct sockaddr *address, socklen_t len), fd, address, len);
WRAP(EPOLL_CTL, true, -1, int, epoll_ctl,
    (int epoll, int op, int fd, struct epoll_event *event), epoll, op, fd,
    event);
WRAP(EPOLL_WAIT, true, -1, int, epoll_wait,
    (int epoll, struct epoll_event *events, int most, int timeout), epoll,
    events, most, timeout);
WRAP(FDATASYNC, true, -1, int, fdatasync, (int fd), fd);
WRAP(FSYNC, true, -1, int, fsync, (int fd), fd);
WRAP(FTRUNCATE, true, -1, int, ftruncate, (int fd, off_t len), fd, len);
WRAP(FTRUNCATE, true, -1, int, ftruncate64, (int fd, off64_t len), fd, len);
WRAP(MALLOC, true, NULL, void *, malloc, (size_t size), size);
WRAP(MALLOC, true, NULL, void *, calloc, (size_t count, size_t size), count,
    size);
WRAP(MALLOC, true, NULL, void *, realloc, (void *old, size_t size), old, size);
WRAP(PWRITE, true, -1, ssize_t, pwrite,
    (int fd, const void *bytes, size_t len, off_t at), fd, bytes, len, at);
WRAP(PWRITE, true, -1, ssize_t, pwrite64,
    (int fd, const void *bytes, size_t len, off64_t at), fd, bytes, len, at);
WRAP(READ, is_socket(fd), -1, ssize_t, read, (int fd, void *bytes, size_t len),
    fd, bytes, len);
WRAP(READ, is_socket(fd), -1, ssize_t, readv,
    (int fd, const struct iovec *parts, int count), fd, parts, count);
WRAP(RECV, true, -1, ssize_t, recv,
    (int fd, void *bytes, size_t len, int flags), fd, bytes, len, flags);
WRAP(RECV, true, -1, ssize_t, recvfrom,
    (int fd, void *bytes, size_t len, int flags, struct sockaddr *address,
	socklen_t *address_len),
    fd, bytes, len, flags, address, address_len);
WRAP(SEND, true, -1, ssize_t, send,
    (int fd, const void *bytes, size_t len, int flags), fd, bytes, len, flags);
WRAP(SENDMSG, true, -1, ssize_t, sendmsg,
    (int fd, const struct msghdr *message, int flags), fd, message, flags);
WRAP(SENDTO, true, -1, ssize_t, sendto,
    (int fd, const void *bytes, size_t len, int flags,
	const struct sockaddr *address, socklen_t address_len),
    fd, bytes, len, flags, address, address_len);
WRAP(SOCKET, true, -1, int, socket, (int domain, int type, int protocol),
    domain, type, protocol);
WRAP(SSL_READ, true, -1, int, SSL_read, (SSL * ssl, void *bytes, int len), ssl,
    bytes, len);
WRAP(SSL_WRITE, true, -1, int, SSL_write,
    (SSL * ssl, const void *bytes, int len), ssl, bytes, len);
WRAP(WRITE, is_socket(fd), -1, ssize_t, write,
    (int fd, const void *bytes, size_t len), fd, bytes, len);
WRAP(WRITE, is_socket(fd), -1, ssize_t, writev,
    (int fd, const struct iovec *parts, int count), fd, parts, count);

static int
opened(const char *name, const char *path, int flags, mode_t mode)
{
	int (*real)(const char *, int, ...);
	uint64_t nth = 0;
	int fd;

	*(void **)&real = dlsym(RTLD_NEXT, name);
	if (!before(OPEN, &nth))
		return -1;
	fd = real(path, flags, mode);
	after(OPEN, nth);
	return fd;
}

/* The mode is rubbish where there is none, and not looked at. */
#define WRAP_OPEN(name)                                                        \
	int name(const char *path, int flags, ...)                             \
	{                                                                      \
		va_list rest;                                                  \
		mode_t mode;                                                   \
                                                                               \
		va_start(rest, flags);                                         \
		mode = va_arg(rest, mode_t);                                   \
		va_end(rest);                                                  \
		return opened(#name, path, flags, mode);                       \
	}

WRAP_OPEN(open);
WRAP_OPEN(open64);

static _Noreturn void
refuse(const char *what, const char *word)
{
	fprintf(stderr, "inject: %s: %s\n", what, word);
	abort();
}

static enum call
call_named(const char *name)
{
	for (enum call call = 0; call < CALLS; call++)
		if (strcmp(inject.first[call].name, name) == 0)
			return call;
	refuse("no function that is counted", name);
}

static int
error_named(const char *name)
{
	for (int error = 1; error < 256; error++) {
		const char *known = strerrorname_np(error);

		if (known != NULL && strcmp(known, name) == 0)
			return error;
	}
	refuse("no error of errno.h", name);
}

/* Reads "FUNCTION WHEN N WHAT". */
static void
add_rule(const char *text, struct rule *rule)
{
	static const char *const deeds[] = {
		[KILL_BEFORE] = "before",
		[KILL_AFTER] = "after",
		[FAIL_AT] = "at",
		[FAIL_FROM] = "from",
	};
	char name[24], when[8], what[24];
	enum deed deed = FAIL_FROM;

	if (sscanf(text, "%23s %7s %" SCNu64 " %23s", name, when, &rule->nth,
		what) != 4)
		refuse("not FUNCTION WHEN N WHAT", text);
	while (deed != NOTHING && strcmp(deeds[deed], when) != 0)
		deed--;
	if (deed == NOTHING || (deed < FAIL_AT) != (strcmp(what, "kill") == 0))
		refuse("not before or after N kill, at or from N ERROR", text);
	if (deed >= FAIL_AT)
		rule->error = error_named(what);
	rule->call = call_named(name);
	rule->deed = deed;
}

/* Counts on in a file that others can read at any time. */
static void
share(const char *path)
{
	struct counter *shared;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, sizeof inject.first) != 0)
		refuse("cannot be written", path);
	shared = mmap(NULL, sizeof inject.first, PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED)
		refuse("cannot be mapped", path);
	close(fd);
	memcpy(shared, inject.first, sizeof inject.first);
	inject.counters = shared;
}

/* What the process starts is left alone. */
static __attribute__((constructor)) void
begin(void)
{
	const char *rules = getenv("KEYGUARD_INJECT");
	const char *path = getenv("KEYGUARD_COUNTS");
	struct rule *rule = inject.rules;
	char words[RULES * 64], *rest = words, *text;

	if (path != NULL)
		share(path);
	snprintf(words, sizeof words, "%s", rules == NULL ? "" : rules);
	while ((text = strsep(&rest, ",")) != NULL && *text != '\0') {
		if (rule == inject.rules + RULES)
			refuse("too many rules", text);
		add_rule(text, rule++);
	}
	unsetenv("KEYGUARD_INJECT");
	unsetenv("KEYGUARD_COUNTS");
	unsetenv("LD_PRELOAD");
}
