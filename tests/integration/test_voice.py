# SPDX-License-Identifier: Apache-2.0
"""What the daemon says of itself when it cannot do its work: to security, to
systemd, to the journal, to keyguardctl."""

import os
import pathlib
import re
import signal
import subprocess

import pytest

import events
from aws import Aws, key_id, user
from daemon import WRAP

KEY = key_id(0)
HOST = os.uname().nodename
ILL = f"Security Alert: keyguard on {HOST} Cannot Do Its Work"
WELL = f"Security Alert: keyguard on {HOST} Works Again"

# The ids of the lines that call for a human, by the names in the source.
IDS = dict(
    re.findall(
        r"#define MESSAGE_ID_(\w+) +\"(\w{32})\"",
        (
            pathlib.Path(__file__).parents[2] / "src/util/message_id.h"
        ).read_text(encoding="utf-8"),
    )
)


@pytest.fixture
def sections(sandbox):
    """An alarm after one second."""
    sections = sandbox.sections()
    sections["notify"]["alarm_after"] = "1s"
    return sections


def subjects(sandbox):
    return [subject for subject, _ in sandbox.published()]


def set_faults(sandbox, *rules):
    """From now on: the long poll that is under way ends."""
    sandbox.faults(*rules)
    sandbox.send("{}")


def expect_alarm(daemon, reason):
    """It is said on every way but by mail."""
    line = daemon.logged(f"MESSAGE_ID={IDS['ALARM']}")
    assert line.startswith("<3> keyguard has not been able to do its work")
    assert reason in line
    daemon.wait_for("STATUS=alarm: has not been able to work since 20")
    status = daemon.ctl("status", status=1)
    assert status["state"] == "degraded"
    assert status["alarmDate"].startswith("20")
    assert any(reason in text for text in status["reasons"])


def expect_all_clear(daemon):
    daemon.wait_for("STATUS=running")
    line = daemon.logged(f"MESSAGE_ID={IDS['ALARM_OVER']}")
    assert line.startswith("<5> keyguard does its work again")
    status = daemon.ctl("status")
    assert (status["state"], status["reasons"]) == ("running", [])
    assert "alarmDate" not in status


@pytest.mark.parametrize(
    "code, reason",
    [
        (
            "UnrecognizedClientException",
            "credentials: SQS.UnrecognizedClientException",
        ),
        ("QueueDoesNotExist", "queue: SQS.QueueDoesNotExist"),
    ],
)
def test_what_the_queue_refuses_is_told_once_and_its_end(
    sandbox, daemon, code, reason
):
    daemon.start()
    set_faults(
        sandbox,
        {
            "service": "SQS",
            "do": "error",
            "code": code,
            "message": "not for you",
        },
    )
    sandbox.wait(published=1)
    [(subject, text)] = sandbox.published()
    assert subject == ILL
    assert f"    {reason}: not for you\n" in text
    expect_alarm(daemon, reason)

    set_faults(sandbox)
    sandbox.wait(published=2)
    assert subjects(sandbox) == [ILL, WELL]
    expect_all_clear(daemon)


def test_a_full_disk_is_told_and_worked_on_when_there_is_room(
    sandbox, daemon, monkeypatch
):
    # The store is in a namespace of its own, where its disk is a small one.
    folder = daemon.folder / "store"
    folder.mkdir()
    mount = f"mount -t tmpfs -o size=1m - {folder} && cd {folder}"
    alone = ["unshare", "-rm", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    if subprocess.run([*alone, "true"], check=False).returncode != 0:
        pytest.skip("needs namespaces")
    monkeypatch.setattr("daemon.WRAP", [*alone, *WRAP])
    daemon.configure({"store": {"path": folder / "keyguardd.db"}})
    sandbox.load(users=[user("test-user", KEY)])
    daemon.start()
    sandbox.wait(parked=1)

    ballast = pathlib.Path(f"/proc/{daemon.process.pid}/cwd/ballast")
    with open(ballast, "wb", buffering=0) as file:
        with pytest.raises(OSError):
            while True:
                file.write(bytes(4096))
    sandbox.send("x" * 200_000)  # refused, and kept
    sandbox.wait(published=1)
    [(subject, text)] = sandbox.published()
    assert subject == ILL
    assert "    store: Store.Full: " in text
    expect_alarm(daemon, "store: Store.Full")
    sandbox.send(events.seed(KEY))

    ballast.unlink()
    sandbox.wait(published=3)
    assert sandbox.key(KEY) == "Deleted"
    assert sorted(subjects(sandbox)) == sorted(
        [ILL, WELL, events.subject("test-user")]
    )
    expect_all_clear(daemon)


@pytest.fixture
def topic(sandbox, sections, tmp_path):
    """Another machine, where the topic is."""
    other = Aws()
    bundle = tmp_path / "both.pem"
    bundle.write_bytes(
        pathlib.Path(sandbox.ca).read_bytes()
        + pathlib.Path(other.ca).read_bytes()
    )
    sections["aws"]["ca_bundle"] = bundle
    sections["aws"]["endpoint_url_sns"] = other.endpoint
    yield other
    other.stop()


def test_a_black_hole_is_told_and_work_goes_on_within_one_poll(
    sandbox, topic, daemon
):
    sandbox.load(users=[user("test-user", KEY)])
    daemon.start()
    set_faults(sandbox, {"service": "SQS", "do": "close"})
    daemon.logged("queue: Http.Reset")
    sandbox.process.send_signal(signal.SIGSTOP)
    try:
        daemon.logged("queue: Http.Timeout")
        topic.wait(published=1)
        assert subjects(topic) == [ILL]
        expect_alarm(daemon, "queue: Http.")
    finally:
        sandbox.process.send_signal(signal.SIGCONT)
    sandbox.faults()
    sandbox.send(events.seed(KEY))
    sandbox.wait(timeout=20, deletedKeys=1)
    topic.wait(published=3)
    assert sorted(subjects(topic)) == sorted(
        [ILL, WELL, events.subject("test-user")]
    )
    expect_all_clear(daemon)


def test_what_could_not_be_told_is_told_when_the_topic_answers(
    sandbox, daemon
):
    daemon.start()
    queue = {"service": "SQS", "do": "error", "status": 500}
    set_faults(sandbox, queue, {"service": "SNS", "do": "throttle"})
    expect_alarm(daemon, "queue: SQS.InternalFailure")
    daemon.logged("could not be told of it yet: SNS.Throttl")
    assert sandbox.published() == []
    sandbox.faults(queue)
    sandbox.wait(published=1)
    assert subjects(sandbox) == [ILL]
    sandbox.faults()


def test_a_daemon_that_works_says_nothing(sandbox, daemon):
    sandbox.load(users=[user("test-user", KEY)])
    sandbox.faults({"service": "SNS", "delayMs": 2000})
    daemon.start()
    daemon.inject(events.seed(KEY), "--wait")
    assert subjects(sandbox) == [events.subject("test-user")]
    assert "MESSAGE_ID" not in str(daemon.log)


def test_lives_that_end_at_once_add_up_to_an_alarm(sandbox, daemon):
    url = daemon.sections["queue"]["url"]
    daemon.configure({"queue": {"url": url + "-later"}})
    for _ in range(50):
        daemon.start(wait=False)
        assert daemon.end() == 1
        if sandbox.published():
            break
    for _ in range(2):
        daemon.start(wait=False)
        assert daemon.end() == 1
    assert subjects(sandbox) == [ILL]
    assert "SQS.QueueDoesNotExist" in sandbox.published()[0][1]

    sandbox.load(queues=[{"name": "keyguard-later"}])
    daemon.start()
    sandbox.wait(published=2)
    assert subjects(sandbox) == [ILL, WELL]


# ---- other lines that call for a human ----


@pytest.fixture
def dead(sandbox):
    """The URL of a queue of dead letters with two in it."""
    sandbox.load(
        queues=[
            {"name": "dead", "messages": ["one", "two"]},
            {
                "name": "keyguard",
                "maxReceiveCount": 3,
                "deadLetterQueue": "dead",
            },
        ]
    )
    return f"{sandbox.endpoint}/{events.ACCOUNT}/dead"


def test_dead_letters_are_told_of(sandbox, dead, daemon):
    daemon.start()
    line = daemon.logged(f"MESSAGE_ID={IDS['DEAD_LETTERS']}")
    assert line.startswith("<4> dead letters: 2 in their queue (0 when")
    status = daemon.ctl("status")
    assert status["queue"]["deadLetters"] == 2
    assert status["state"] == "running"


def test_dead_letters_that_may_not_be_counted_are_not_none(
    sandbox, dead, daemon
):
    sandbox.faults(
        {
            "operation": "GetQueueAttributes",
            "parameter": dead,
            "do": "error",
            "code": "AccessDenied",
        }
    )
    daemon.start()
    daemon.logged("dead letters: their queue cannot be counted: SQS.Access")
    queue = daemon.ctl("status")["queue"]
    assert "deadLetters" not in queue
    assert queue["deadLettersError"] == "SQS.AccessDeniedException"


def test_an_end_that_nobody_knows_of_has_its_line(sandbox, daemon):
    sandbox.load(users=[user("test-user", KEY)])
    sandbox.faults({"do": "error", "service": "SNS", "code": "NotFound"})
    daemon.start()
    [run] = daemon.inject(events.seed(KEY), "--wait", status=1)
    line = daemon.logged(f"MESSAGE_ID={IDS['UNTOLD']}")
    assert line.startswith(f"<3> {run['name']}: ")
    assert f"KEYGUARD_EXECUTION={run['name']}" in line


def test_a_key_that_may_be_alive_has_its_line(sandbox, daemon):
    daemon.start()
    [run] = daemon.inject(events.seed(KEY), "--wait", status=1)
    line = daemon.logged(f"MESSAGE_ID={IDS['UNCONTAINED']}")
    assert line.startswith(f"<4> {run['name']}: ")
    assert f"KEYGUARD_EXECUTION={run['name']}" in line
