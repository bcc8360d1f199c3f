# SPDX-License-Identifier: Apache-2.0
"""Connections that end after every byte of an answer of AWS: whatever it was an
answer to, the key dies, security is told, and nothing is lost. A part of the
positions is tried, or with KEYGUARD_FAULTS=all each one."""

import collections
import concurrent.futures
import os
import tempfile

import pytest

import events
from aws import Aws, key_id, user
from daemon import Daemon

ALL = os.environ.get("KEYGUARD_FAULTS") == "all"
BATCH = 500  # keys at once
LIVES_AT_ONCE = 12

# Answers about a key, and the parameter by which the call is known; then those
# to the daemon. All of them are shorter than this.
OF_A_KEY = {
    "GetAccessKeyLastUsed": key_id,
    "DeleteAccessKey": key_id,
    "LookupEvents": "u{}".format,
    "Publish": lambda number: events.subject(f"u{number}"),
}
LONGEST_OF_A_KEY = 760
OF_A_START = {"GetCallerIdentity": "STS", "GetQueueAttributes": "SQS"}
LONGEST_OF_A_START = 800
OF_A_MESSAGE = {
    "ReceiveMessage": "SQS",
    "ChangeMessageVisibilityBatch": "SQS",
    "DeleteMessageBatch": "SQS",
}
LONGEST_OF_A_MESSAGE = 1700


def failures(daemon, name):
    """Why its attempts failed."""
    return [
        event["taskFailedEventDetails"]["error"]
        for event in daemon.show(name)["events"]
        if event["type"] == "TaskFailed"
    ]


def rule(operation, end, count, **more):
    """The first such call is acted upon, and so much of the answer comes."""
    return {
        "operation": operation,
        "do": end,
        "bytes": count,
        "nth": 1,
        **more,
    }


# ---- what is asked about a key ----


def go_through(sandbox, daemon, batch):
    """Keys by their numbers, with (end, bytes) for all answers about each."""
    sandbox.load(users=[user(f"u{number}", key_id(number)) for number in batch])
    sandbox.faults(
        *(
            rule(operation, *cut, parameter=parameter(number))
            for number, cut in batch.items()
            for operation, parameter in OF_A_KEY.items()
        )
    )
    acknowledged = sandbox.counters()["acknowledged"] + len(batch)
    for number in batch:
        sandbox.send(events.health(key_id(number), number=number))
    sandbox.wait(120, acknowledged=acknowledged)


def test_every_byte_about_a_key(sandbox, daemon, figures):
    cuts = [
        (end, count)
        for count in range(LONGEST_OF_A_KEY + 1)
        for end in ("reset", "close")
    ]
    cuts = dict(enumerate(cuts if ALL else cuts[::3] + cuts[-1:]))
    daemon.configure(
        {
            "response": {"max_per_window": 10000},
            "summary": {"lookup_rate": 100},
        }
    )
    daemon.start()
    for first in range(0, len(cuts), BATCH):
        numbers = list(cuts)[first : first + BATCH]
        go_through(sandbox, daemon, {n: cuts[n] for n in numbers})

    counters = sandbox.counters()
    assert counters["deletedKeys"] == len(cuts)
    assert counters["messages"] == 0
    told = collections.Counter(subject for subject, _ in sandbox.published())
    assert set(told) == {events.subject(f"u{number}") for number in cuts}
    assert max(told.values()) <= 2
    assert daemon.ctl("status")["executions"] == {
        "running": 0,
        "succeeded": len(cuts),
        "failed": 0,
        "uncontained": 0,
        "held": 0,
    }
    # Each cut is a failed attempt, by this name; the last lost nothing.
    runs = daemon.list("--limit", 1000)
    lost = [failures(daemon, run["name"]) for run in runs]
    assert {error for errors in lost for error in errors} == {"Http.Reset"}
    assert max(map(len, lost)) == len(OF_A_KEY)
    assert [] in lost
    assert daemon.stop() == 0
    figures(
        f"every byte: {len(cuts)} keys, {len(OF_A_KEY)} answers about each cut"
        f" at another byte; {len(cuts)} dead and told, 0 lost"
    )


# ---- what is asked by the daemon ----


def live(operations, end, count):
    """A life in which the first answers to these are cut, and a message is held
    for longer than it stays hidden."""
    key = key_id(0)
    with tempfile.TemporaryDirectory() as folder, Aws() as sandbox:
        daemon = Daemon(folder, sandbox.sections())
        sandbox.load(
            users=[user("u0", key)],
            queues=[{"name": "keyguard", "visibilityTimeout": 2}],
            faults=[
                *(rule(operation, end, count) for operation in operations),
                {"operation": "DeleteAccessKey", "delayMs": 1500},
            ],
        )
        sandbox.send(events.health(key))
        try:
            daemon.start()
            sandbox.wait(acknowledged=1)
            daemon.logged("acting as arn:")
            check_life(sandbox, daemon, operations)
        except Exception as error:
            error.add_note(f"{end} after {count} bytes\n{daemon.log}")
            raise
        finally:
            daemon.close()


def check_life(sandbox, daemon, operations):
    counters = sandbox.counters()
    for operation, service in operations.items():
        assert counters.get(f"{service}.{operation}", 0) > 0, operation
    assert sandbox.key(key_id(0)) == "Deleted"
    assert counters["deletedKeys"] == 1
    assert counters["messages"] == 0
    assert [subject for subject, _ in sandbox.published()] == [
        events.subject("u0")
    ]
    [run] = daemon.list()
    assert (run["status"], run["outcome"]) == ("SUCCEEDED", "contained")
    assert daemon.stop() == 0


@pytest.mark.parametrize(
    "operations, longest, stride",
    [
        (OF_A_START, LONGEST_OF_A_START, 79),
        (OF_A_MESSAGE, LONGEST_OF_A_MESSAGE, 79),
    ],
    ids=["start", "message"],
)
def test_every_byte_of_a(operations, longest, stride, figures):
    lives = [
        (operations, ("reset", "close")[count % 2], count)
        for count in range(longest + 1)
    ]
    lives = lives if ALL else lives[::stride]
    with concurrent.futures.ThreadPoolExecutor(LIVES_AT_ONCE) as pool:
        for _ in pool.map(live, *zip(*lives)):
            pass
    figures(
        f"every byte: {len(lives)} lives, in each the first answers to"
        f" {', '.join(operations)} cut; {len(lives)} keys dead and told, 0 lost"
    )
