# SPDX-License-Identifier: Apache-2.0
"""Kills the daemon at random moments, again and again, while events come in
and AWS fails by chance. In the end nothing is lost, and nothing was done
twice. Speaks TAP. KILLS, FROM: how often, and the first seed; a seed is a
world with up to 100 kills."""

import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "integration")]

import events  # noqa: E402
from aws import Aws, key_id, user  # noqa: E402
from daemon import CLEAN, Daemon  # noqa: E402
from inject import injected  # noqa: E402
from promises import (  # noqa: E402
    Wreck,
    check_history,
    check_order,
    findings,
    told_of,
)

KILLS = int(os.environ.get("KILLS") or 50)
FROM = int(os.environ.get("FROM") or 1)
IN_A_WORLD = 100
AT_ONCE = 4

# Where a life may end, and how many of these it has at most, about. The first
# is by the clock.
ENDS = {
    "": 0,
    "fdatasync after": 30,
    "pwrite before": 300,
    "SSL_write before": 30,
    "SSL_write after": 30,
    "SSL_read after": 60,
    "recv before": 150,
    "epoll_wait before": 150,
    "malloc before": 45000,
}

BAD_WEATHER = [
    {"service": "IAM", "do": "throttle", "chance": 0.1},
    {
        "service": "IAM",
        "do": "error",
        "code": "ServiceFailure",
        "status": 500,
        "chance": 0.05,
    },
    {
        "operation": "DeleteAccessKey",
        "do": "close",
        "act": True,
        "chance": 0.1,
    },
    {"service": "CloudTrail", "do": "throttle", "chance": 0.1},
    {
        "service": "SNS",
        "do": "error",
        "code": "InternalError",
        "status": 500,
        "chance": 0.1,
    },
    {"service": "SNS", "do": "reset", "act": True, "chance": 0.05},
    {"service": "SNS", "do": "error", "code": "NotFound", "chance": 0.1},
    {"operation": "ReceiveMessage", "do": "duplicate", "chance": 0.05},
    {"operation": "ReceiveMessage", "do": "redeliver", "chance": 0.05},
    {"operation": "ReceiveMessage", "do": "stale-receipt", "chance": 0.05},
    {
        "operation": "ReceiveMessage",
        "do": "reset",
        "act": True,
        "chance": 0.05,
    },
    {"operation": "DeleteMessageBatch", "do": "fail-entry", "chance": 0.1},
    {"operation": "DeleteMessageBatch", "do": "revive", "chance": 0.05},
]

CONTAINED = ("SUCCEEDED", "contained")
UNCONTAINED = ("SUCCEEDED", "uncontained")


class World:
    """One store and one AWS, and what came to them."""

    def __init__(self, seed, aws, folder):
        self.random = random.Random(seed)
        self.aws = aws
        self.daemon = Daemon(folder, aws.sections())
        self.daemon.configure(
            {
                "summary": {"lookup_rate": 100},
                "response": {
                    "max_per_window": 100000,
                    "protected_users": "protected",
                },
            }
        )
        aws.load(
            users=[user("protected")],
            queues=[{"name": "keyguard", "visibilityTimeout": 1}],
            faults=BAD_WEATHER,
        )
        self.keys = 0
        self.number = 0
        self.sent = []  # as check_order has it
        self.bodies = []
        self.expected = {}  # how the execution of each finding ends
        self.injected = {}  # keys, and whether it was confirmed
        self.redriven = collections.Counter()  # confirmed
        self.wreck = Wreck(self.daemon.store)
        self.calls = 0
        self.kills = 0

    # ---- what happens ----

    def new_key(self, owner=None):
        """A key of somebody; of nobody in particular if not given."""
        self.keys += 1
        key = key_id(self.keys)
        if owner != "nobody":
            self.aws.load(users=[user(owner or f"user-{self.keys}", key)])
        return key

    def send(self, body, end):
        self.bodies.append(body)
        for finding in findings(body):
            self.expected[finding] = end
        self.sent.append((self.aws.send(body)["messageId"], findings(body)))

    def event(self, *keys):
        self.number += 1
        return events.health(*keys, number=self.number)

    def exposed(self):
        self.send(self.event(self.new_key()), CONTAINED)

    def several(self):
        self.send(
            self.event(*(self.new_key() for _ in range(3))), CONTAINED
        )

    def again(self):
        """The same finding; or the same keys in another one."""
        if not self.bodies:
            return
        body = self.random.choice(self.bodies)
        end = self.expected[findings(body)[0]]
        if self.random.random() < 0.5:
            body = self.event(*(key for _, key in findings(body)))
        self.send(body, end)

    def unknown(self):
        self.send(self.event(self.new_key("nobody")), UNCONTAINED)

    def protected(self):
        self.send(self.event(self.new_key("protected")), UNCONTAINED)

    def refused(self):
        text = self.random.choice(['{"rubbish', '{"source": "aws.ec2"}'])
        self.sent.append((self.aws.send(text)["messageId"], None))

    def by_hand(self):
        key = self.new_key()
        text = json.dumps(self.event(key)).encode()
        done = self.daemon.ctl_raw("inject", "-", stdin=text)
        self.injected[key] = done.returncode == 0

    def redrive(self):
        failed = [run for run in self.wreck.runs if run["status"] == "FAILED"]
        if failed:
            name = self.random.choice(failed)["name"]
            done = self.daemon.ctl_raw("redrive", name)
            self.redriven[name] += done.returncode == 0

    HAPPENS = {
        exposed: 6,
        several: 1,
        again: 2,
        unknown: 1,
        protected: 1,
        refused: 1,
        by_hand: 2,
        redrive: 3,
    }

    # ---- a life ----

    def start(self, rule=None):
        self.daemon.env = CLEAN
        if rule:
            self.daemon.env = {**CLEAN, **injected(rule)}
        self.daemon.start(wait=False)

    def live(self):
        """Until it is killed, at some moment."""
        point = self.random.choice(list(ENDS))
        nth = self.random.randint(1, ENDS[point] or 1)
        self.start(f"{point} {nth} kill" if point else None)
        for what in self.random.choices(
            list(self.HAPPENS),
            list(self.HAPPENS.values()),
            k=self.random.randint(0, 3),
        ):
            what(self)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.daemon.process.wait(self.random.uniform(0, 0.3))
        self.daemon.process.kill()
        status = self.daemon.end()
        assert status == -signal.SIGKILL, (status, str(self.daemon.log))
        self.kills += 1
        self.look()

    def look(self):
        """What was done, or confirmed, in this life was durable before."""
        self.wreck = Wreck(self.daemon.store)
        calls = self.aws.calls(first=self.calls + 1)
        self.calls += len(calls)
        check_order(calls, self.wreck, self.sent)
        for run in self.wreck.runs:
            types = [event[0] for event in run["events"]]
            times = types.count("ExecutionRedriven")
            assert times >= self.redriven[run["name"]], run["name"]
        lately = collections.Counter(
            told_of(call)
            for call in calls
            if call["operation"] == "Publish"
            and call.get("acted")
            and "fault" not in call
        )
        # Not again unless the answer was lost.
        assert not lately or max(lately.values()) == 1, lately

    # ---- the end ----

    def settle(self):
        """The last life: all that is still to be done is done."""
        self.aws.faults()
        self.start()
        self.daemon.wait_for("READY=1")
        self.aws.wait(max__messages=0)
        for run in self.daemon.list("--status", "RUNNING"):
            self.daemon.log.wait(f"{run['name']}: SUCCEEDED")
        for run in self.daemon.list("--status", "FAILED", "--limit", "1000"):
            self.daemon.ctl_raw("redrive", run["name"], "--wait")
        for run in self.daemon.list("--limit", "1000"):
            check_history(self.daemon.show(run["name"]), self.kills)
        assert self.daemon.stop() == 0
        self.look()

    def check_end(self):
        """How many executions there are, how much was lost or done twice."""
        lost, double = [], []
        told = collections.Counter(
            told_of(call)
            for call in self.aws.calls("Publish")
            if call.get("acted")
        )
        for run in self.wreck.runs:
            if run["status"] != "SUCCEEDED" or told[run["name"]] == 0:
                lost.append(run["name"])
        for finding, end in self.expected.items():
            runs = self.wreck.of(finding)
            if not runs:
                lost.append(finding)
            if len(runs) > 1:
                double.append(finding)
            for run in runs:
                assert (run["status"], run["outcome"]) == end, run
        for key, confirmed in self.injected.items():
            count = sum(run["key_id"] == key for run in self.wreck.runs)
            if count < confirmed:
                lost.append(key)
            if count > 1:
                double.append(key)
        self.check_keys()
        assert not lost and not double, (lost, double)
        return len(self.wreck.runs), len(lost), len(double)

    def check_keys(self):
        """Those are dead that are to be, once each, and no others."""
        contained = {
            run["key_id"]
            for run in self.wreck.runs
            if run["outcome"] == "contained"
        }
        state = {
            key["id"]: key["status"]
            for owner in self.aws.state()["users"]
            for key in owner["keys"]
        }
        dead = {key for key, status in state.items() if status == "Deleted"}
        assert dead == contained, dead ^ contained
        assert self.aws.counters()["deletedKeys"] == len(dead)


def run(seed, kills):
    """A world: events sent, executions ended, lost, double."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        aws = stack.enter_context(Aws("--seed", seed))
        world = World(seed, aws, folder)
        stack.callback(world.daemon.abandon)
        for _ in range(kills):
            world.live()
        world.settle()
        return len(world.sent), *world.check_end()


def attempt(seed, kills):
    try:
        return run(seed, kills), None
    except Exception:
        return (0, 0, 0, 0), f"seed {seed}:\n{traceback.format_exc()}"


def main():
    sizes = [IN_A_WORLD] * (KILLS // IN_A_WORLD)
    if KILLS % IN_A_WORLD:
        sizes.append(KILLS % IN_A_WORLD)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        tried = list(pool.map(attempt, range(FROM, FROM + len(sizes)), sizes))
    bad = [problem for _, problem in tried if problem]
    sent, ended, lost, double = map(sum, zip(*(counts for counts, _ in tried)))
    print("1..1")
    print(f"{'not ok' if bad else 'ok'} 1 - killed at random, nothing is lost")
    for problem in bad:
        print("#", problem.replace("\n", "\n# "))
    print(
        f"# kills: {KILLS} survived, {sent} events sent, {ended} executions"
        f" ended, {lost} lost, {double} double"
    )
    return len(bad) > 0


if __name__ == "__main__":
    sys.exit(main())
