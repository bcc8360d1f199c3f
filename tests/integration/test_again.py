# SPDX-License-Identifier: Apache-2.0
"""What goes on by itself, when that was due while the daemon was away."""

import sqlite3

import events
from aws import key_id, user

KEY = key_id(0)


def away_for_long(daemon):
    """Stops it; when it starts again, all that waits has become due. Returns
    how many that are."""
    assert daemon.stop() == 0
    with sqlite3.connect(daemon.store) as store:
        changed = store.execute(
            "UPDATE executions SET due_ms = 1 WHERE due_ms > 0"
        ).rowcount
    store.close()
    return changed


def standing(daemon):
    return sorted((run["status"], run["outcome"]) for run in daemon.list())


def types(daemon, name):
    return [event["type"] for event in daemon.show(name)["events"]]


def test_what_nobody_could_be_told_of_is_redriven(sandbox, daemon):
    refusal = {"do": "error", "service": "SNS", "code": "NotFound"}
    sandbox.load(users=[user("test-user", KEY)], faults=[refusal])
    daemon.start()
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert standing(daemon) == [("FAILED", "contained")]
    [reason] = daemon.ctl("status", status=1)["reasons"]
    assert reason.startswith("notify: Daemon.NotNotified")
    assert away_for_long(daemon) == 1
    sandbox.load(faults=[])
    daemon.start()
    sandbox.wait(published=1)
    daemon.told.wait("executions: 0 running, 1 ended, 0 uncontained, 0 not")
    assert standing(daemon) == [("SUCCEEDED", "contained")]
    [(subject, _)] = sandbox.published()
    assert subject == events.subject("test-user")
    [run] = daemon.list()
    assert types(daemon, run["name"])[-6:] == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    assert daemon.ctl("status")["state"] == "running"


def test_what_could_not_be_deleted_is_retried(sandbox, daemon):
    failure = {
        "do": "error",
        "service": "IAM",
        "code": "ServiceFailure",
        "status": 500,
    }
    sandbox.load(users=[user("test-user", KEY)], faults=[failure])
    daemon.start()
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1, timeout=120)
    assert standing(daemon) == [("SUCCEEDED", "uncontained")]
    [(subject, text)] = sandbox.published()
    assert subject == events.ERROR_SUBJECT
    assert "keyguard tries again by itself, in 5 minutes" in text
    [first] = daemon.list()
    assert away_for_long(daemon) == 1
    sandbox.load(faults=[])
    daemon.start()
    sandbox.wait(published=2)
    daemon.told.wait("executions: 0 running, 2 ended, 1 uncontained, 0 not")
    assert standing(daemon) == [
        ("SUCCEEDED", "contained"),
        ("SUCCEEDED", "uncontained"),
    ]
    assert sandbox.key(KEY) == "Deleted"
    subject, text = sandbox.published()[1]
    assert subject == events.subject("test-user")
    assert "keyguard had tried before and failed, first at" in text
    assert f"by execution {first['name']}." in text
    assert away_for_long(daemon) == 0
