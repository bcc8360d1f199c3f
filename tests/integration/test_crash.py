# SPDX-License-Identifier: Apache-2.0
"""kill -9, again and again, and of a daemon that has nothing to do; the faults
folder does so at every point."""

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
