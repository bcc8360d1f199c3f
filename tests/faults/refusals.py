# SPDX-License-Identifier: Apache-2.0
"""Refuses the built daemon one thing, once, at each place there is: a call that
has to do with sockets, or memory. It goes on; or ends, for lack of memory or
of a socket to begin with, and is started anew, as systemd would. In the end
all has to be as if nothing had been. Speaks TAP.

    refusals.py [all]    without that, a fixed part
"""

import concurrent.futures
import contextlib
import pathlib
import signal
import sqlite3
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "integration")]

import events  # noqa: E402
from aws import Aws, key_id, user  # noqa: E402
from daemon import BUILD, CLEAN, Daemon  # noqa: E402
from inject import OBJECT, counted, injected  # noqa: E402

AT_ONCE = 6
WAITERS = concurrent.futures.ThreadPoolExecutor(4 * AT_ONCE)
SECONDS = 45  # until all is done; a call of AWS takes 10 at most, a poll 30
KEY = key_id(0)
USER = "test-user"

# How each call can fail, each time, on a machine that is short of something or
# on a network that is.
REFUSALS = {
    "accept4": ["EMFILE", "ECONNABORTED", "EINTR"],
    "connect": ["ECONNREFUSED", "ENETUNREACH"],
    "epoll_ctl": ["ENOMEM", "ENOSPC"],
    "epoll_wait": ["EINTR"],
    "read": ["ECONNRESET", "EAGAIN"],
    "recv": ["ECONNRESET", "EAGAIN", "ENOMEM"],
    "send": ["ECONNRESET", "EAGAIN", "ENOBUFS"],
    "sendto": ["ENOBUFS", "ECONNREFUSED"],
    "socket": ["EMFILE", "ENOMEM"],
    "SSL_read": ["ECONNRESET"],
    "SSL_write": ["ECONNRESET"],
    "write": ["EPIPE", "EAGAIN"],
}

# What ends the daemon: no memory (within json-c, by SIGSEGV), or a descriptor
# that the kernel does not watch. And what it ends for at the start.
DEATHS = {
    "malloc": (-signal.SIGABRT, -signal.SIGSEGV, 1),
    "epoll_ctl": (-signal.SIGABRT,),
    "socket": (1,),
}


class World:
    """A daemon with an AWS of its own, and one exposed key."""

    def __init__(self, aws, folder):
        self.aws = aws
        self.counts = pathlib.Path(folder) / "counts"
        self.daemon = Daemon(folder, aws.sections())
        aws.load(
            users=[user(USER, KEY)],
            queues=[{"name": "keyguard", "visibilityTimeout": 2}],
        )
        aws.send(events.seed(KEY))

    def live(self, *rules):
        """One life, until all is done or the daemon has ended by itself; its
        exit status."""
        self.daemon.env = {**CLEAN, **injected(*rules, counts=self.counts)}
        self.daemon.start(wait=False)
        if self.outlived(self.all_done):
            self.daemon.process.send_signal(signal.SIGTERM)
        return self.daemon.end(15)

    def all_done(self):
        self.daemon.log.wait(" ready", seconds=SECONDS)
        self.ready = counted(self.counts)
        # The control socket is on the way as well.
        asked = self.daemon.ctl_raw("list", timeout=SECONDS)
        assert asked.returncode in (0, 3), asked
        self.aws.wait(SECONDS, acknowledged=1)

    def outlived(self, what):
        """Whether the daemon lived to see that."""
        seen = WAITERS.submit(what)
        ended = WAITERS.submit(self.daemon.process.wait)
        concurrent.futures.wait(
            [seen, ended], return_when=concurrent.futures.FIRST_COMPLETED
        )
        # Its log ends a moment before it does.
        if seen.done() and seen.exception() is not None:
            concurrent.futures.wait([ended], 1)
        if ended.done():
            return False
        seen.result()
        return True

    def check(self):
        aws = self.aws
        counters = aws.counters()
        assert aws.key(KEY) == "Deleted", counters
        assert counters["deletedKeys"] == 1, counters
        assert counters["messages"] == 0, counters
        # Told twice where the answer to the first was lost.
        told = [subject for subject, _ in aws.published()]
        assert set(told) == {events.subject(USER)} and len(told) <= 2, told
        with contextlib.closing(sqlite3.connect(self.daemon.store)) as store:
            [(sound,)] = store.execute("PRAGMA integrity_check")
            runs = list(store.execute("SELECT status, outcome FROM executions"))
        assert sound == "ok", sound
        assert runs == [("SUCCEEDED", "contained")], runs

    def end(self):
        """Leaves no process behind, whatever was wrong."""
        if self.daemon.process and self.daemon.process.poll() is None:
            self.daemon.kill()


def run(*rules, deaths=()):
    """A life by these rules, and another if it ended in one of these ways.
    What was counted until it was ready and in all, and whether it had to be
    started anew."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        aws = stack.enter_context(Aws())
        world = World(aws, folder)
        stack.callback(world.end)
        status = first = world.live(*rules)
        log, counts = str(world.daemon.log), counted(world.counts)
        if first in deaths:
            status = world.live()
        assert status == 0, f"{first}, {status}\n{log}\n{world.daemon.log}"
        world.check()
        return world.ready, counts, first != 0


def attempt(rule):
    """Whether the daemon had to be started anew, and what was wrong then, or
    None."""
    try:
        return run(rule, deaths=DEATHS.get(rule.split()[0], ()))[2], None
    except Exception:
        return False, f"{rule}:\n{traceback.format_exc()}"


def sanitized():
    """Then memory is the sanitizer's, and what ends the daemon its report."""
    return b"__asan_init" in (BUILD / "keyguardd").read_bytes()


def plan(everything):
    """What is tried, by its name: rules, of which a life has that many."""
    ready, counts, _ = run()
    sockets = [
        f"{call} at {nth} {error}"
        for call, errors in REFUSALS.items()
        for error in errors
        for nth in range(1, counts[call] + 1)
    ]
    first, last = ready["malloc"], counts["malloc"]
    memory = [f"malloc at {nth} ENOMEM" for nth in range(1, last + 1)]
    start, work = memory[: first - 500], memory[first - 500 :]
    if everything:
        return {
            "socket calls": sockets,
            "memory at work": work,
            "memory at the start": start[:2000] + start[2000::7],
        }
    return {
        "socket calls": sockets[::4],
        "memory at work": work[::37],
        "memory at the start": start[::701],
    }


def main():
    if not OBJECT.exists():
        print("1..0 # SKIP the object to preload was not built")
        return 0
    everything = sys.argv[1:] == ["all"]
    tried = anew = bad = 0
    cases = plan(everything)
    if sanitized():
        cases = {"socket calls": cases["socket calls"]}
        print("# memory is not refused: a sanitizer gives it")
    print(f"1..{len(cases)}")
    for name, rules in cases.items():
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            ends = list(pool.map(attempt, rules))
        problems = [problem for _, problem in ends if problem]
        tried += len(rules)
        bad += len(problems)
        anew += sum(again for again, _ in ends)
        print("not ok" if problems else "ok", "-", name)
        for problem in problems:
            print("#", problem.replace("\n", "\n# "))
        sys.stdout.flush()
    print(
        f"# refusals: {tried} calls refused, {anew} times started anew,"
        f" {tried - bad} of {tried} ended as if nothing had been"
    )
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
