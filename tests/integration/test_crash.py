# SPDX-License-Identifier: Apache-2.0
"""kill -9 between any two calls: whatever was under way, after a restart the
end is the same, the key has been deleted once, and somebody knows of it."""

import pytest

import events
from aws import key_id, user

KEY = key_id(0)


def start(sandbox, daemon, **more):
    # Soon visible again, for what was received and lost.
    sandbox.load(
        users=[user("test-user", KEY)],
        queues=[{"name": "keyguard", "visibilityTimeout": 1}],
        **more,
    )
    sandbox.send(events.seed(KEY))
    daemon.start(wait=False)


def check_the_end(sandbox, daemon, notified):
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Deleted"
    counters = sandbox.counters()
    assert counters["deletedKeys"] == 1
    assert counters["messages"] == 0
    assert notified[0] <= counters["published"] <= notified[1]
    assert {subject for subject, _ in sandbox.published()} == {
        events.subject("test-user")
    }
    [run] = daemon.list()
    shown = daemon.show(run["name"])
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "contained")
    ids = [event["id"] for event in shown["events"]]
    assert ids == list(range(1, len(ids) + 1))
    entered = [
        event["stateEnteredEventDetails"]["name"]
        for event in shown["events"]
        if event["type"] == "TaskStateEntered"
    ]
    assert entered == [
        "DeleteAccessKeyPair",
        "LookupCloudTrailEvents",
        "NotifySecurity",
    ]


# Who we are; what the queue is like; the message; the key's owner; its
# deletion; the next poll; the summary; the notification; the acknowledgement.
CALLS = 9


def test_undisturbed_it_takes_so_many_calls(sandbox, daemon):
    start(sandbox, daemon)
    check_the_end(sandbox, daemon, (1, 1))
    assert sandbox.counters()["calls"] == CALLS


@pytest.mark.parametrize("acted", [False, True], ids=["unheard", "heard"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_killed_during_a_call(sandbox, daemon, call, acted):
    start(sandbox, daemon, faults=[{"do": "hang", "nth": call, "act": acted}])
    sandbox.wait(calls=call)
    daemon.kill()
    sandbox.faults()
    daemon.start()
    check_the_end(sandbox, daemon, (1, 2))


def test_killed_again_and_again(sandbox, daemon):
    start(sandbox, daemon)
    daemon.kill()
    for _ in range(5):
        sandbox.faults({"do": "hang", "from": 3, "act": True})
        calls = sandbox.counters()["calls"]
        daemon.start(wait=False)
        sandbox.wait(calls=calls + 3)
        daemon.kill()
    # Not before: a call that hangs would be waited for.
    sandbox.faults()
    daemon.start()
    check_the_end(sandbox, daemon, (1, 6))


@pytest.mark.parametrize("call", range(4, 25, 4))
def test_killed_with_five_keys_at_work(sandbox, daemon, call):
    keys = [key_id(i) for i in range(5)]
    daemon.configure({"summary": {"lookup_rate": 100}})
    sandbox.load(
        users=[user(f"user-{key}", key) for key in keys],
        queues=[{"name": "keyguard", "visibilityTimeout": 1}],
        faults=[{"do": "hang", "from": call, "act": True}],
    )
    sandbox.send(events.health(*keys))
    daemon.start(wait=False)
    sandbox.wait(calls=call)
    daemon.kill()
    sandbox.faults()
    daemon.start()
    sandbox.wait(acknowledged=1)
    assert sandbox.counters()["deletedKeys"] == 5
    told = {subject for subject, _ in sandbox.published()}
    assert told == {events.subject(f"user-{key}") for key in keys}
    runs = daemon.list()
    assert sorted(run["accessKeyId"] for run in runs) == keys
    assert {run["outcome"] for run in runs} == {"contained"}


def test_the_store_survives_as_it_was(sandbox, daemon):
    keys = [key_id(i) for i in range(5)]
    sandbox.load(users=[user(f"user-{key}", key) for key in keys])
    daemon.start()
    sandbox.send("{rubbish")
    for number, key in enumerate(keys):
        sandbox.send(events.health(key, number=number))
    sandbox.wait(acknowledged=6)

    def everything():
        runs = daemon.list()
        shown = [daemon.show(run["name"]) for run in runs]
        return runs, shown, daemon.ctl("rejected")

    before = everything()
    daemon.kill()
    daemon.start()
    assert everything() == before
    assert daemon.stop() == 0
    daemon.start()
    assert everything() == before
    assert len(before[0]) == 5
