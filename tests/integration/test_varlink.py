# SPDX-License-Identifier: Apache-2.0
"""The control socket as another Varlink client sees it: the package of the
Python index, which knows nothing of our code but what introspection says."""

import json
import pathlib
import subprocess
import sys

import pytest

import events
from aws import key_id, user
from daemon import CLEAN

varlink = pytest.importorskip("varlink")

INTERFACE = "io.keyguard.Control"
SOURCE = pathlib.Path(__file__).parents[2] / "src/control"
STATES = ["DeleteAccessKeyPair", "LookupCloudTrailEvents", "NotifySecurity"]


@pytest.fixture(name="client")
def connected(sandbox, daemon):
    """A client of a daemon in whose account there is one key."""
    sandbox.load(users=[user("test-user", key_id(0))])
    daemon.start()
    with varlink.Client.new_with_address(f"unix:{daemon.socket}") as client:
        yield client


@pytest.fixture(name="control")
def opened(client):
    with client.open(INTERFACE) as control:
        yield control


def error_of(call, *arguments, **parameters):
    """The name of the error that a call ends in, and what it tells."""
    with pytest.raises(varlink.VarlinkError) as caught:
        call(*arguments, **parameters)
    return caught.value.error(), caught.value.parameters()


def inject(control):
    """All replies to an injection that is seen through to its end."""
    return list(control.Inject(events.seed(key_id(0)), _more=True))


# ---- introspection ----


@pytest.mark.parametrize("name", [INTERFACE, "org.varlink.service"])
def test_the_description_is_the_file(client, name):
    text = (SOURCE / f"{name}.varlink").read_text(encoding="utf-8")
    assert client.get_interface(name).get_description() == text


def test_the_package_understands_the_file(client):
    interface = client.get_interface(INTERFACE)
    methods = {
        name
        for name, member in interface.members.items()
        if isinstance(member, varlink.scanner._Method)
    }
    assert methods == {
        "Inject",
        "Redrive",
        "Retry",
        "Stop",
        "Resume",
        "List",
        "Describe",
        "Watch",
        "Status",
        "Rejected",
        "Machine",
        "Backup",
    }
    assert all(member.doc for member in interface.members.values())


def test_the_service_says_who_it_is(client):
    service = client.open("org.varlink.service")
    info = service.GetInfo()
    assert info["interfaces"] == [INTERFACE, "org.varlink.service"]
    assert info["product"] == "keyguardd"
    service.close()


# ---- methods ----


def test_an_injection_is_told_to_its_end(control):
    first, *told, last = inject(control)
    [started], [ended] = first["executions"], last["executions"]
    assert started["status"] == "RUNNING"
    assert ended["status"] == "SUCCEEDED"
    assert ended["outcome"] == "contained"
    assert ended["userName"] == "test-user"
    assert {reply["name"] for reply in told} == {started["name"]}
    assert [reply["event"]["id"] for reply in told] == list(
        range(1, len(told) + 1)
    )
    entered = [
        reply["event"]["stateEnteredEventDetails"]["name"]
        for reply in told
        if reply["event"]["type"] == "TaskStateEntered"
    ]
    assert entered == STATES


def test_an_injection_can_be_left_alone(control):
    [started] = control.Inject(events.seed(key_id(0)))["executions"]
    assert started["accessKeyId"] == key_id(0)
    *told, last = control.Watch([started["name"]], _more=True)
    assert last["executions"][0]["outcome"] == "contained"
    assert told[0]["event"]["id"] == 1


def test_a_watch_goes_on_where_it_was(control, daemon, client):
    *_, last = inject(control)
    name = last["executions"][0]["name"]
    daemon.stop()
    daemon.start()
    with client.open(INTERFACE) as again:
        *told, _ = again.Watch([name], {name: 5}, _more=True)
        assert [reply["event"]["id"] for reply in told][:2] == [6, 7]


def test_a_watch_of_all_tells_what_happens_elsewhere(client, control):
    watch = control.Watch(_more=True)
    assert next(watch) == {"ready": True}
    with client.open(INTERFACE) as other:
        other.Inject(events.seed(key_id(0)))
    told = []
    for reply in watch:
        told.append(reply["event"]["type"])
        if told[-1] == "ExecutionSucceeded":
            break
    assert told[0] == "ExecutionStarted"


def test_a_history_is_whole(control):
    *_, last = inject(control)
    shown = control.Describe(last["executions"][0]["name"])
    assert shown["status"] == "SUCCEEDED"
    assert [event["id"] for event in shown["events"]] == list(
        range(1, len(shown["events"]) + 1)
    )
    exited = [
        event["stateExitedEventDetails"]
        for event in shown["events"]
        if event["type"] == "TaskStateExited"
    ]
    assert [state["name"] for state in exited] == STATES
    entered = [
        event["stateEnteredEventDetails"]
        for event in shown["events"]
        if event["type"] == "TaskStateEntered"
    ]
    assert [state["input"] for state in entered] == [
        shown["input"],
        exited[0]["output"],
        exited[1]["output"],
    ]
    assert shown["output"] == exited[2]["output"]


def test_lists_and_drawings_and_the_status(control, daemon):
    inject(control)
    [run] = control.List("SUCCEEDED", "contained", 5)["executions"]
    assert run["accessKeyId"] == key_id(0)
    assert control.List(outcome="uncontained")["executions"] == []
    assert control.Status()["pid"] == daemon.process.pid
    assert control.Status()["executions"]["succeeded"] == 1
    assert control.Rejected()["rejected"] == []
    assert STATES[0] in control.Machine()["drawing"]
    asl = json.loads(control.Machine("asl")["drawing"])
    assert list(asl["States"]) == STATES


def test_what_failed_is_redriven_to_its_end(sandbox, control):
    sandbox.faults({"do": "error", "service": "SNS", "code": "NotFound"})
    *_, last = inject(control)
    [ended] = last["executions"]
    assert ended["status"] == "FAILED"
    sandbox.faults()
    first, *told, last = control.Redrive(ended["name"], _more=True)
    assert first["executions"][0]["status"] == "RUNNING"
    assert told[0]["event"]["type"] == "ExecutionRedriven"
    assert last["executions"][0]["status"] == "SUCCEEDED"
    shown = control.Describe(ended["name"])
    assert told[0]["event"]["id"] + len(told) == len(shown["events"]) + 1


def test_what_is_uncontained_is_retried_to_its_end(sandbox, control):
    sandbox.faults({"do": "error", "service": "IAM", "code": "ServiceFailure",
                    "status": 400})
    *_, last = inject(control)
    [ended] = last["executions"]
    assert ended["outcome"] == "uncontained"
    sandbox.faults()
    first, *told, last = control.Retry(ended["name"], _more=True)
    [started] = first["executions"]
    assert told[0]["event"]["type"] == "ExecutionStarted"
    assert last["executions"][0]["name"] == started["name"] != ended["name"]
    assert last["executions"][0]["outcome"] == "contained"


def test_what_runs_is_stopped(sandbox, control):
    sandbox.faults({"do": "hang", "operation": "LookupEvents"})
    [started] = control.Inject(events.seed(key_id(0)))["executions"]
    sandbox.wait(CloudTrail__LookupEvents=1)
    [stopped] = control.Stop(started["name"])["executions"]
    assert stopped["name"] == started["name"]
    assert (stopped["status"], stopped["outcome"]) == ("ABORTED", "contained")


def test_refused_messages_come_newest_first(control):
    for text in ("{", "[]", "{}"):
        error_of(control.Inject, text)
    whole = control.Rejected()["rejected"]
    assert [row["body"] for row in whole] == ["{}", "[]", "{"]
    older = control.Rejected(whole[0]["id"])["rejected"]
    assert older == whole[1:]


# ---- errors ----


def test_errors_have_their_names(control):
    name, told = error_of(control.Describe, "nobody")
    assert (name, told["name"]) == (f"{INTERFACE}.NoSuchExecution", "nobody")
    name, told = error_of(control.Inject, "{}")
    assert name == f"{INTERFACE}.InvalidEvent"
    assert told["error"].startswith("Finding.")
    name, told = error_of(control.List, after="page two")
    assert (name, told["after"]) == (f"{INTERFACE}.BadToken", "page two")
    for method in control.Redrive, control.Retry, control.Stop:
        name, told = error_of(method, "nobody")
        assert name == f"{INTERFACE}.NoSuchExecution"
    assert error_of(control.Resume) == (f"{INTERFACE}.NothingHeld", {})
    name, told = error_of(control.List, limit=0)
    assert name == "org.varlink.service.InvalidParameter"
    assert told["parameter"] == "limit"


def test_errors_say_how_it_stands(control):
    *_, last = inject(control)
    [ended] = last["executions"]
    for method, error in (
        (control.Redrive, "NotFailed"),
        (control.Retry, "NotUncontained"),
        (control.Stop, "NotRunning"),
    ):
        name, told = error_of(method, ended["name"])
        assert name == f"{INTERFACE}.{error}"
        assert told == {
            "name": ended["name"],
            "status": "SUCCEEDED",
            "outcome": "contained",
        }


def test_a_watch_needs_a_client_that_takes_more(control):
    for method in control.Watch, control.Backup:
        name, _ = error_of(method)
        assert name == "org.varlink.service.ExpectedMore"


# ---- the command ----


def command(*words):
    done = subprocess.run(
        [sys.executable, "-m", "varlink.cli", *map(str, words)],
        env=CLEAN,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return (done.stdout + done.stderr).decode()


def test_the_command_of_the_package(control, daemon):
    inject(control)
    address = f"unix:{daemon.socket}"
    assert INTERFACE in command("info", address)
    assert "method Inject(" in command("help", f"{address}/{INTERFACE}")
    listed = command("call", f"{address}/{INTERFACE}.List", "{}")
    assert len(json.loads(listed)["executions"]) == 1
    shown = command(
        "call", f"{address}/{INTERFACE}.Describe", '{"name": "nobody"}'
    )
    assert "NoSuchExecution" in shown
