# SPDX-License-Identifier: Apache-2.0
"""keyguardctl: every verb, what it prints and how it exits."""

import json
import os
import pwd
import re
import subprocess

import pytest

import events
from daemon import BUILD, CLEAN
from aws import key_id, user

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def five(sandbox, daemon):
    """A daemon that has handled five keys and one that is not there."""
    keys = [key_id(i) for i in range(5)]
    sandbox.load(users=[user(f"user-{i}", key) for i, key in enumerate(keys)])
    daemon.start()
    for key in keys:
        daemon.inject(events.seed(key), "--wait")
    daemon.inject(events.seed(key_id(9)), "--wait", status=1)
    return daemon


def names(answer):
    return [run["name"] for run in answer["executions"]]


def test_list_is_newest_first_and_comes_in_pages(five):
    whole = five.ctl("list")
    assert "nextToken" not in whole
    dates = [run["startDate"] for run in whole["executions"]]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 6

    pages, token = [], []
    while True:
        page = five.ctl("list", "--limit", 4, *token)
        pages += names(page)
        if "nextToken" not in page:
            break
        token = ["--after", page["nextToken"]]
    assert pages == names(whole)


def test_list_has_the_members_of_step_functions(five):
    newest, *rest = five.list()
    assert newest["outcome"] == "uncontained"
    for run in rest:
        assert run.keys() == {
            "name",
            "status",
            "outcome",
            "startDate",
            "stopDate",
            "account",
            "accessKeyId",
            "userName",
        }
        assert run["account"] == events.ACCOUNT
        assert STAMP.fullmatch(run["startDate"])
        assert run["startDate"] <= run["stopDate"]


def test_list_can_be_narrowed(five):
    assert len(five.list("--status", "SUCCEEDED")) == 6
    assert five.list("--status", "FAILED") == []
    assert len(five.list("--outcome", "contained")) == 5
    [bad] = five.list("--outcome", "uncontained")
    assert bad["accessKeyId"] == key_id(9)
    assert five.ctl_raw("list", "--status", "PERHAPS").returncode == 2
    assert five.ctl_raw("list", "--limit", "many").returncode == 2


def test_show_has_the_members_of_step_functions(five):
    bad = five.show(five.list()[0]["name"])
    assert "deletion" not in json.loads(bad["output"])
    assert json.loads(bad["output"])["error-info"].keys() == {"Error", "Cause"}
    [failed] = [e for e in bad["events"] if e["type"] == "TaskFailed"]
    assert failed["taskFailedEventDetails"].keys() >= {
        "error",
        "cause",
        "resource",
    }
    good = five.show(five.list()[1]["name"])
    assert good.keys() == {
        "name",
        "status",
        "outcome",
        "startDate",
        "stopDate",
        "account",
        "accessKeyId",
        "userName",
        "redriveCount",
        "input",
        "output",
        "events",
    }
    assert all(STAMP.fullmatch(event["timestamp"]) for event in good["events"])
    # As there, nothing comes before the first state.
    before = [event["previousEventId"] for event in good["events"]]
    assert before == [0, 0, *range(2, len(before))]


def test_who_injected_stands_in_the_history(five):
    shown = five.show(five.list()[0]["name"])
    first = json.dumps(shown["events"][0])
    me = pwd.getpwuid(os.getuid()).pw_name
    by = rf"inject:uid={os.getuid()},user={me},pid=\d+"
    assert re.search(by, first)
    audit = rf"{shown['name']}: by the control socket: {by}"
    assert re.search(audit, str(five.log))


def test_status_has_all_its_members(five):
    status = five.ctl("status")
    assert status.keys() == {
        "version",
        "pid",
        "startDate",
        "state",
        "reasons",
        "executions",
        "queue",
        "rejected",
        "store",
        "credentials",
    }
    assert status["pid"] == five.process.pid
    assert status["state"] == "running"
    assert status["executions"] == {
        "running": 0,
        "held": 0,
        "succeeded": 6,
        "failed": 0,
        "uncontained": 1,
    }
    assert status["queue"]["url"] == five.sections["queue"]["url"]
    assert status["queue"]["depth"] == 0
    assert "deadLetters" not in status["queue"]
    assert status["store"] == {"path": str(five.store)}
    assert status["credentials"]["source"] == "environment"
    assert "user/keyguard" in status["credentials"]["arn"]


def test_status_counts_what_waits_now(sandbox, daemon):
    dead = "keyguard-dead-letters"
    sandbox.load(queues=[{"name": dead, "messages": ["x", "y"]}])
    sandbox.load(
        queues=[
            {"name": "keyguard", "deadLetterQueue": dead, "maxReceiveCount": 9}
        ]
    )
    daemon.start()
    sandbox.wait(parked=1)
    sandbox.faults({"do": "hang", "operation": "ReceiveMessage"})
    sandbox.send("{rubbish")
    sandbox.wait(acknowledged=1)
    sandbox.send("one")
    queue = daemon.ctl("status")["queue"]
    assert (queue["depth"], queue["deadLetters"]) == (1, 2)


def test_rejected_shows_what_was_refused(sandbox, daemon):
    daemon.start()
    sandbox.send("{rubbish \u0007 жук")
    sandbox.wait(acknowledged=1)
    [row] = daemon.ctl("rejected")["rejected"]
    assert row.keys() == {
        "id",
        "receivedDate",
        "messageId",
        "error",
        "cause",
        "body",
    }
    assert row["body"] == "{rubbish \u0007 жук"
    table = daemon.ctl_raw("rejected").stdout.decode()
    assert "Finding.Malformed" in table
    assert "\u0007" not in table


def test_what_is_refused_or_not_there_has_its_exit_code(sandbox, daemon):
    daemon.start()
    assert daemon.ctl_raw("show", "nobody").returncode == 1
    assert daemon.ctl_raw("inject", "-", stdin=b"{}").returncode == 2
    assert daemon.ctl_raw("inject", "-", stdin=b"{").returncode == 2
    assert daemon.ctl_raw("inject", "/nonexistent").returncode == 2
    assert daemon.ctl_raw("inject").returncode == 2
    assert daemon.ctl_raw("nonsense").returncode == 2
    assert daemon.ctl_raw().returncode == 2
    assert sandbox.calls("DeleteAccessKey") == []
    daemon.stop()
    gone = daemon.ctl_raw("status")
    assert gone.returncode == 3
    assert gone.stderr and not gone.stdout


def test_the_tables_are_for_people(five):
    table = five.ctl_raw("list").stdout.decode().splitlines()
    assert len(table) == 7
    assert key_id(4) in table[2]
    shown = five.ctl_raw("show", five.list()[1]["name"]).stdout.decode()
    for state in (
        "DeleteAccessKeyPair",
        "LookupCloudTrailEvents",
        "NotifySecurity",
    ):
        assert state in shown
    assert "running" in five.ctl_raw("status").stdout.decode()


def test_wait_shows_each_transition_as_it_happens(sandbox, daemon):
    sandbox.load(users=[user("test-user", key_id(0))])
    daemon.start()
    done = daemon.ctl_raw(
        "inject", "-", "--wait", stdin=events.seed(key_id(0)).encode()
    )
    assert done.returncode == 0
    shown = done.stdout.decode()
    places = [
        shown.index(state)
        for state in (
            "DeleteAccessKeyPair",
            "LookupCloudTrailEvents",
            "NotifySecurity",
        )
    ]
    assert places == sorted(places)


def test_wait_outlives_the_daemon(sandbox, daemon):
    sandbox.load(users=[user("test-user", key_id(0))])
    sandbox.faults({"operation": "Publish", "nth": 1, "do": "hang"})
    daemon.start()
    with subprocess.Popen(
        [BUILD / "keyguardctl", "-s", daemon.socket, "inject", "-", "--wait"],
        env=CLEAN,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as ctl:
        ctl.stdin.write(events.seed(key_id(0)))
        ctl.stdin.close()
        shown = []
        while "sns:publish" not in "".join(shown):
            shown.append(ctl.stdout.readline())
        daemon.kill()
        daemon.start()
        shown += ctl.stdout.readlines()
        assert ctl.wait(60) == 0
        assert "hung up" in ctl.stderr.read()
    # Nothing twice, nothing left out.
    [name] = [run["name"] for run in daemon.list()]
    history = daemon.show(name)["events"]
    table = next(i for i, line in enumerate(shown) if line == "\n")
    assert [line.split()[2] for line in shown[:table]] == [
        event["type"] for event in history
    ]
