# SPDX-License-Identifier: Apache-2.0
"""What an operator does to executions by hand: redrive, retry, stop, resume."""

import os
import pwd
import re

import pytest

import events
from aws import key_id, user

KEY = key_id(0)
REFUSE = {
    "do": "error",
    "service": "SNS",
    "code": "AuthorizationError",
    "status": 403,
}


def by(verb):
    """How the histories name who has called keyguardctl."""
    me = pwd.getpwuid(os.getuid()).pw_name
    return rf"{verb}:uid={os.getuid()},user={me},pid=\d+"


def types(shown):
    return [event["type"] for event in shown["events"]]


def failed(sandbox, daemon):
    """The name of an execution of which nobody could be told."""
    sandbox.load(users=[user("test-user", KEY)], faults=[REFUSE])
    daemon.start()
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    [run] = daemon.list("--status", "FAILED")
    return run["name"]


def uncontained(daemon):
    """The name of an execution whose key was not there."""
    daemon.start()
    [run] = daemon.inject(events.seed(KEY), "--wait", status=1)
    assert run["outcome"] == "uncontained"
    return run["name"]


def running(sandbox, daemon, service, operation):
    """The name of an execution whose call hangs."""
    sandbox.load(users=[user("test-user", KEY)])
    sandbox.faults({"operation": operation, "do": "hang"})
    daemon.start()
    sandbox.send(events.seed(KEY))
    sandbox.wait(**{f"{service}__{operation}": 1})
    [run] = daemon.list()
    return run["name"]


def refused(daemon, *words):
    """What keyguardctl says when the answer is no; and nothing changes."""
    before = daemon.list()
    done = daemon.ctl_raw(*words)
    assert (done.returncode, done.stdout) == (1, b"")
    assert daemon.list() == before
    return done.stderr.decode()


# ---- redrive ----


def test_what_failed_goes_on_where_it_did(sandbox, daemon):
    name = failed(sandbox, daemon)
    sandbox.faults()
    done = daemon.ctl_raw("redrive", name, "--wait")
    assert done.returncode == 0, done
    # What had happened before is not told again.
    assert re.search(by("redrive"), done.stdout.decode().splitlines()[0])
    assert "DeleteAccessKeyPair" not in done.stdout.decode()

    assert len(sandbox.published()) == 1
    assert len(sandbox.calls("DeleteAccessKey")) == 1
    shown = daemon.show(name)
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "contained")
    assert shown["redriveCount"] == 1
    at = types(shown).index("ExecutionRedriven")
    assert types(shown)[at - 1] == "ExecutionFailed"
    told = shown["events"][at]["executionRedrivenEventDetails"]
    assert told["redriveCount"] == 1
    assert re.fullmatch(by("redrive"), told["origin"])
    line = daemon.logged(f"{name}: by the control socket: redrive:")
    assert re.search(by("redrive"), line)


def test_a_redrive_that_fails_again_is_no_success(sandbox, daemon):
    name = failed(sandbox, daemon)
    [run] = daemon.ctl("redrive", name, "--wait", status=1)["executions"]
    assert (run["name"], run["status"]) == (name, "FAILED")
    [run] = daemon.ctl("redrive", name)["executions"]
    assert (run["name"], run["status"]) == (name, "RUNNING")


def test_a_redrive_is_not_forgotten(sandbox, daemon):
    name = failed(sandbox, daemon)
    sandbox.faults({"operation": "Publish", "nth": 1, "do": "hang"})
    daemon.ctl("redrive", name)
    sandbox.wait(SNS__Publish=2)
    daemon.kill()
    daemon.start()
    sandbox.wait(published=1)
    assert daemon.show(name)["redriveCount"] == 1


def test_only_what_failed_is_redriven(sandbox, daemon):
    name = uncontained(daemon)
    assert (
        f"only what FAILED can be redriven: {name} is SUCCEEDED, uncontained"
        in refused(daemon, "redrive", name)
    )


# ---- retry ----


def test_what_is_uncontained_is_tried_anew(sandbox, daemon):
    old = uncontained(daemon)
    before = daemon.show(old)
    sandbox.load(users=[user("test-user", KEY)])
    [run] = daemon.ctl("retry", old, "--wait")["executions"]
    assert run["name"] != old
    assert (run["status"], run["outcome"]) == ("SUCCEEDED", "contained")
    assert sandbox.key(KEY) == "Deleted"
    first = daemon.show(run["name"])["events"][0]
    origin = first["executionStartedEventDetails"]["origin"]
    assert re.fullmatch(by("retry"), origin)
    daemon.logged(f"{old}: by the control socket: retry:")
    # The old one stays as it was, and says who did it in the end.
    assert daemon.show(old) == {**before, "containedBy": run["name"]}


def test_only_what_is_uncontained_is_retried(sandbox, daemon):
    name = failed(sandbox, daemon)
    assert (
        "only what has ended uncontained can be retried:"
        f" {name} is FAILED, contained" in refused(daemon, "retry", name)
    )


# ---- stop ----


@pytest.mark.parametrize(
    "service, operation, outcome",
    [
        ("IAM", "DeleteAccessKey", "uncontained"),
        ("CloudTrail", "LookupEvents", "contained"),
    ],
)
def test_what_runs_is_stopped(sandbox, daemon, service, operation, outcome):
    name = running(sandbox, daemon, service, operation)
    [run] = daemon.ctl("stop", name)["executions"]
    assert (run["status"], run["outcome"]) == ("ABORTED", outcome)
    shown = daemon.show(name)
    assert types(shown)[-2:] == ["TaskStateAborted", "ExecutionAborted"]
    assert shown["error"] == "Daemon.Stopped"
    assert re.search(by("stop"), shown["cause"])
    assert run["stopDate"] == shown["stopDate"]
    daemon.logged(f"{name}: by the control socket: stop:")
    # It is done with, in the queue as well.
    sandbox.wait(acknowledged=1)
    assert sandbox.published() == []
    assert "is ABORTED" in refused(daemon, "stop", name)
    daemon.stop()
    daemon.start()
    assert daemon.show(name) == shown


def test_what_failed_is_not_redriven_any_more(sandbox, daemon):
    name = failed(sandbox, daemon)
    calls = len(sandbox.calls("Publish"))
    [run] = daemon.ctl("stop", name)["executions"]
    assert (run["status"], run["outcome"]) == ("ABORTED", "contained")
    assert "is ABORTED" in refused(daemon, "redrive", name)
    assert len(sandbox.calls("Publish")) == calls
    # Nobody waits to be told any more.
    status = daemon.ctl("status")
    assert status["executions"]["failed"] == 0
    assert status["state"] == "running"


def test_what_has_ended_is_not_stopped(daemon):
    name = uncontained(daemon)
    assert (
        f"only what has not ended can be stopped: {name} is SUCCEEDED,"
        " uncontained" in refused(daemon, "stop", name)
    )


# ---- resume ----


def held(sandbox, daemon, count):
    """A daemon that holds so many deletions, after one it has done."""
    keys = [key_id(number) for number in range(count + 1)]
    sandbox.load(users=[user(f"user-{key}", key) for key in keys])
    daemon.configure({"response": {"max_per_window": 1, "window": "10min"}})
    daemon.start()
    for key in keys:
        sandbox.send(events.seed(key))
    # One is done with, and it is told that there were too many.
    sandbox.wait(deletedKeys=1, acknowledged=1, published=2)
    daemon.told.wait(f"executions: {count} running, 2 ended")
    return keys


def test_what_is_held_goes_on(sandbox, daemon):
    keys = held(sandbox, daemon, 3)
    done = daemon.ctl_raw("resume")
    assert done.returncode == 0, done
    assert done.stdout == b"Deletions go on; 3 executions had been held.\n"
    sandbox.wait(deletedKeys=len(keys), acknowledged=len(keys))
    assert all(sandbox.key(key) == "Deleted" for key in keys)
    redrives = [
        event["executionRedrivenEventDetails"]["origin"]
        for run in daemon.list("--outcome", "contained")
        for event in daemon.show(run["name"])["events"]
        if event["type"] == "ExecutionRedriven"
    ]
    assert len(redrives) == 3
    assert all(re.fullmatch(by("resume"), origin) for origin in redrives)
    assert re.search(by("resume"), daemon.logged("are deleted again"))
    assert "no deletions are held" in refused(daemon, "resume")


def test_one_account_goes_on(sandbox, daemon):
    held(sandbox, daemon, 1)
    other = "210987654321"
    assert f"no deletions are held: {other}" in refused(
        daemon, "resume", "--account", other
    )
    assert daemon.ctl("resume", "--account", events.ACCOUNT) == {"released": 1}
    sandbox.wait(deletedKeys=2)


def test_one_that_is_held_is_stopped(sandbox, daemon):
    keys = held(sandbox, daemon, 2)
    runs = daemon.list("--status", "RUNNING")
    [first, second] = [run for run in runs if "accessKeyId" in run]
    [run] = daemon.ctl("stop", first["name"])["executions"]
    assert (run["status"], run["outcome"]) == ("ABORTED", "uncontained")
    assert daemon.ctl("resume") == {"released": 1}
    sandbox.wait(deletedKeys=2)
    assert sandbox.key(first["accessKeyId"]) == "Active"
    assert sandbox.key(second["accessKeyId"]) == "Deleted"
    assert len(keys) == 3


# ---- all of them ----


@pytest.mark.parametrize("verb", ["redrive", "retry", "stop"])
def test_what_is_not_there_is_not_acted_on(daemon, verb):
    daemon.start()
    assert "no such execution: nobody" in refused(daemon, verb, "nobody")


@pytest.mark.parametrize(
    "words",
    [
        ["redrive"],
        ["redrive", "a", "b"],
        ["retry", "--again", "a"],
        ["stop", "--wait", "a"],
        ["stop", ""],
        ["resume", "all"],
        ["resume", "--account", "me"],
    ],
)
def test_what_is_not_understood_changes_nothing(sandbox, daemon, words):
    failed(sandbox, daemon)
    before = daemon.list()
    done = daemon.ctl_raw(*words)
    assert done.returncode == 2
    assert b"Try 'keyguardctl --help'" in done.stderr
    assert daemon.list() == before
