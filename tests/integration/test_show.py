# SPDX-License-Identifier: Apache-2.0
"""What `keyguardctl show` says of real executions: whether a human must act,
and which way they took. How it looks the golden files know."""

import os
import re

import events
from aws import key_id, user

KEY = key_id(0)
CLOCK = r"\d\d:\d\d:\d\d\.\d{3}"
SNS_REFUSES = {
    "do": "error",
    "service": "SNS",
    "code": "AuthorizationError",
    "status": 403,
}


def show(daemon, name):
    return daemon.ctl_raw("show", name).stdout.decode()


def headline(daemon, name):
    first, second, *_ = show(daemon, name).splitlines()
    assert second == name
    return first


def has(pattern, text):
    return re.search(pattern, text, re.MULTILINE) is not None


def test_the_first_line_says_whether_to_act(sandbox, daemon):
    sandbox.load(users=[user("test-user", KEY)])
    daemon.start()
    event = events.seed(KEY)
    [lost] = daemon.inject(events.seed(key_id(1)), "--wait", status=1)
    [good] = daemon.inject(event, "--wait")
    [late] = daemon.inject(event, "--wait", status=1)
    assert headline(daemon, lost["name"]) == (
        "ACT NOW: the key may be alive. Security was told."
    )
    assert headline(daemon, good["name"]) == (
        "Nothing to do: the key is dead, security was told."
    )
    # It did not contain the key, but the key is dead.
    assert daemon.show(late["name"])["outcome"] == "uncontained"
    assert daemon.show(late["name"])["containedBy"] == good["name"]
    assert headline(daemon, late["name"]) == (
        "Nothing to do: another execution deleted the key."
    )
    assert f"by execution {good['name']}" in show(daemon, late["name"])


def test_the_way_is_drawn_by_the_daemons_own_table(sandbox, daemon):
    daemon.start()
    states = list(daemon.ctl("machine")["States"])
    [run] = daemon.inject(events.seed(KEY), "--wait", status=1)
    shown = show(daemon, run["name"])
    at = [shown.rindex(f"   {state} ") for state in states[:2]]
    assert at == sorted(at)
    assert has(rf"^    {states[0]} +{CLOCK}, took \d+ ms$", shown)
    assert has(r"^\+---\+ caught IAM\.AccessDenied$", shown)
    assert has(rf"^\|   {states[1]} +not entered$", shown)
    assert has(rf"^\+-> {states[2]} +{CLOCK}, took", shown)
    assert shown.endswith("    v\n    (done)\n")


def test_each_try_stands_there_and_the_pause_after_it(sandbox, daemon):
    sandbox.load(
        users=[user("test-user", KEY)],
        faults=[{"operation": "DeleteAccessKey", "do": "throttle", "nth": 1}],
    )
    daemon.start()
    [run] = daemon.inject(events.seed(KEY), "--wait")
    shown = show(daemon, run["name"])
    failed, _ = sandbox.calls("DeleteAccessKey")
    assert has(r"^    DeleteAccessKeyPair .*, 2 tries$", shown)
    assert has(rf"^    x {CLOCK} IAM\.Throttling: Rate exceeded$", shown)
    assert has(
        rf"^    \| request {failed['requestId']}, again after \d", shown
    )


def test_a_redrive_stands_there_with_who_it_was(sandbox, daemon):
    sandbox.load(users=[user("test-user", KEY)], faults=[SNS_REFUSES])
    daemon.start()
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    [run] = daemon.list("--status", "FAILED")
    assert headline(daemon, run["name"]) == (
        "ACT: nobody was told of it. The key is dead."
    )
    shown = show(daemon, run["name"])
    assert has("^Not told +SNS.AuthorizationError", shown)
    assert has("^Next try +20.*, by itself$", shown)
    sandbox.faults()
    daemon.ctl("redrive", run["name"], "--wait")
    shown = show(daemon, run["name"])
    assert shown.startswith("Nothing to do")
    assert has(rf"^    x {CLOCK} FAILED: nobody was told$", shown)
    assert has(
        rf"^    \| {CLOCK} redriven by \S* ?\(?uid {os.getuid()}, pid", shown
    )


def test_a_stop_stands_there_with_who_it_was(sandbox, daemon):
    sandbox.load(users=[user("test-user", KEY)])
    sandbox.faults({"operation": "DeleteAccessKey", "do": "hang"})
    daemon.start()
    sandbox.send(events.seed(KEY))
    sandbox.wait(**{"IAM.DeleteAccessKey": 1})
    [run] = daemon.list()
    shown = show(daemon, run["name"])
    assert shown.startswith("Wait: it is under way")
    assert has(r"^    > calling iam:deleteAccessKey$", shown)
    assert has(r"^    NotifySecurity +not yet$", shown)
    daemon.ctl("stop", run["name"])
    shown = show(daemon, run["name"])
    assert shown.startswith("ACT NOW: it was stopped, the key may be alive.")
    assert has(
        rf"^    x {CLOCK} stopped by \S* ?\(?uid {os.getuid()}, pid", shown
    )
    assert has(r"^    NotifySecurity +not entered$", shown)


def test_what_is_held_calls_for_a_human(sandbox, daemon):
    sandbox.load(users=[user("test-user", key_id(0), key_id(1))])
    daemon.configure({"response": {"max_per_window": 1}})
    daemon.start()
    daemon.inject(events.seed(key_id(0)), "--wait")
    sandbox.send(events.seed(key_id(1)))
    sandbox.wait(published=2)
    [alarm, held, _] = [run["name"] for run in daemon.list()]
    shown = show(daemon, held)
    assert shown.startswith(
        "ACT NOW: the key may be alive, deletions are held.\n"
    )
    assert has("^Not deleted +Response.Held: more than 1 key of", shown)
    assert has("^    > held until hold_timeout, or: keyguardctl res", shown)
    status = daemon.ctl("status", status=1)
    assert status["executions"]["held"] == 1

    daemon.ctl("resume")
    sandbox.wait(acknowledged=1)
    shown = show(daemon, held)
    assert shown.startswith("Nothing to do")
    assert has(
        rf"^    \| {CLOCK} let go on by \S* ?\(?uid {os.getuid()}, pid", shown
    )
    assert "Response.TooMany" in alarm
    assert headline(daemon, alarm) == (
        "ACT NOW: deletions are held. Security was told."
    )
