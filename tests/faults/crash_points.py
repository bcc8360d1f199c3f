# SPDX-License-Identifier: Apache-2.0
"""Kills the daemon at every point there is, on each path that an execution can
take: after each durable write, before and after each call that goes out, of a
whole life from its start to its end in good order. It is started anew, and in
the end all has to be as if nothing had been. Speaks TAP."""

import collections
import concurrent.futures
import contextlib
import pathlib
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "integration")]

import events  # noqa: E402
from aws import Aws, user  # noqa: E402
from daemon import CLEAN, Daemon  # noqa: E402
from inject import counted, injected  # noqa: E402
from paths import FAILED, HELPLESS, KEPT, PATHS  # noqa: E402
from promises import Wreck, check_history, check_order, findings  # noqa: E402

AT_ONCE = 16  # what a world does most of the time is to wait for redelivery
WAITERS = concurrent.futures.ThreadPoolExecutor(4 * AT_ONCE)

# Where it is killed, by the words of inject.
POINTS = "fdatasync after", "SSL_write before", "SSL_write after"


class World:
    """A daemon and an AWS for one path, and what is seen of them."""

    def __init__(self, path, aws, folder):
        self.path, self.aws = path, aws
        self.counts = pathlib.Path(folder) / "counts"
        self.daemon = Daemon(folder, aws.sections())
        self.daemon.configure({"summary": {"lookup_rate": 100}, **path.config})
        self.confirmed = False  # what the operator has done
        aws.load(
            users=[
                user(f"user-{number}", key)
                for number, key in enumerate(path.keys)
            ],
            queues=[{"name": "keyguard", "visibilityTimeout": 1}],
            faults=path.faults,
        )
        self.sent = [
            (aws.send(body)["messageId"], findings(body))
            for body in path.bodies
        ]

    def go_on_from(self, store):
        """From what another world has left behind; what waits there is due
        by now, or will be in a day."""
        shutil.copyfile(store, self.daemon.store)
        due = time.time() + (-1 if self.path.due else 86400)
        with sqlite3.connect(self.daemon.store) as database:
            database.execute(
                "UPDATE executions SET due_ms = ? WHERE due_ms > 0",
                (int(due * 1000),),
            )
        database.close()

    def live(self, *rules):
        """One life, until it is killed or has done all; whether it was."""
        self.wreck = Wreck(self.daemon.store)
        self.daemon.env = {**CLEAN, **injected(*rules, counts=self.counts)}
        self.daemon.start(wait=False)
        self.path.operator(self)
        if self.outlived(self.all_done):
            self.daemon.process.send_signal(signal.SIGTERM)
        status = self.daemon.end()
        assert status in (0, -signal.SIGKILL), (status, str(self.daemon.log))
        self.wreck = Wreck(self.daemon.store)
        check_order(self.aws.calls(), self.wreck, self.sent)
        return status != 0

    def all_done(self):
        self.aws.wait(120, acknowledged=len(self.sent))
        self.daemon.told.wait(self.path.status())

    def outlived(self, what):
        """Whether the daemon lived to see that."""
        waits = [
            WAITERS.submit(what),
            WAITERS.submit(self.daemon.process.wait),
        ]
        done, _ = concurrent.futures.wait(
            waits, return_when=concurrent.futures.FIRST_COMPLETED
        )
        if waits[1] in done:
            return False
        waits[0].result()
        return True

    def published(self):
        """How often each subject was; whose account it is may not be known
        yet, when what was held is received again."""
        return collections.Counter(
            subject.replace("Account unknown", f"Account {events.ACCOUNT}")
            for subject, _ in self.aws.published()
        )

    def check_end(self, killed, told_before):
        """After the last life; `told_before`: up to the kill."""
        path, runs = self.path, self.wreck.runs
        ends = collections.Counter(
            (run["status"], run["outcome"]) for run in runs
        )
        assert ends == path.ends, ends
        for _, about in self.sent:
            for finding in about:
                assert len(self.wreck.of(finding)) == 1, finding
        counters = self.aws.counters()
        dead = any(outcome == "contained" for _, outcome in path.ends)
        for key in path.keys:
            assert self.aws.key(key) == ("Deleted" if dead else "Active"), key
        assert counters["deletedKeys"] == dead * len(path.keys), counters
        assert counters["messages"] == 0, counters
        # Twice only what was told already when the daemon died.
        published = self.published()
        assert set(published) == set(path.told), published
        for subject, times in published.items():
            more = times - path.told[subject]
            assert 0 <= more <= (killed and subject in told_before), published

    def check_histories(self, kills):
        self.daemon.env = CLEAN
        self.daemon.start()
        for run in self.daemon.list():
            check_history(self.daemon.show(run["name"]), kills)
        assert self.daemon.stop() == 0


def run(path, store, *rules):
    """A path by itself, from that store (None: a new one), or with a kill by
    the rule. Whether it was killed, what was counted, and the store."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        aws = stack.enter_context(Aws())
        world = World(path, aws, folder)
        if store is not None:
            world.go_on_from(store)
        stack.callback(world.daemon.abandon)
        killed = world.live(*rules)
        counts = counted(world.counts)
        told = world.published()
        if killed:
            assert not world.live()
        world.check_end(killed, told)
        world.check_histories(killed)
        return killed, counts, world.daemon.store.read_bytes()


def attempt(path, store, rule):
    """Whether the daemon came to this point and was killed there, and what was
    wrong then, or None."""
    try:
        return run(path, store, rule)[0], None
    except Exception:
        return True, f"{rule}:\n{traceback.format_exc()}"


def sweep(path, store):
    """How many points there were, and what went wrong."""
    counts = run(path, store)[1]
    rules = [
        f"{point} {nth} kill"
        for point in POINTS
        for nth in range(1, counts[point.split()[0]] + 1)
    ]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        tried = list(pool.map(lambda rule: attempt(path, store, rule), rules))
    # How writes come together in a commit differs a little between two runs.
    points = sum(killed for killed, _ in tried)
    assert points > 0.8 * len(rules)
    return points, [problem for _, problem in tried if problem]


def left_by(path, folder):
    """The store that a path leaves behind."""
    store = pathlib.Path(folder) / f"{path.name}.db"
    store.write_bytes(run(path, None)[2])
    return store


def main():
    print(f"1..{len(PATHS)}")
    all_points = all_bad = 0
    with tempfile.TemporaryDirectory() as folder:
        # Retries take their time; meanwhile others are swept.
        stores = {
            path: WAITERS.submit(left_by, path, folder)
            for path in (FAILED, KEPT, HELPLESS)
        }
        for number, path in enumerate(PATHS, 1):
            store = stores[path.after].result() if path.after else None
            points, bad = sweep(path, store)
            word = "not ok" if bad else "ok"
            print(f"{word} {number} - {path.name}: {points} points")
            for problem in bad:
                print("#", problem.replace("\n", "\n# "))
            sys.stdout.flush()
            all_points += points
            all_bad += len(bad)
    print(
        f"# crash points: {all_points - all_bad} of {all_points} ended as if"
        " nothing had been"
    )
    return all_bad > 0


if __name__ == "__main__":
    sys.exit(main())
