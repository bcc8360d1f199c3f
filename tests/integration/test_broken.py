# SPDX-License-Identifier: Apache-2.0
"""AWS and the way to it, broken as users meet it."""

import resource
import socket
import subprocess
import threading

import pytest

import events
from daemon import SECRET, WRAP
from aws import key_id, user
from test_trouble import errors_in, run_of

KEY = key_id(0)
CALLS = [
    "GetQueueAttributes",
    "ReceiveMessage",
    "GetCallerIdentity",
    "GetAccessKeyLastUsed",
    "DeleteAccessKey",
    "LookupEvents",
    "Publish",
    "DeleteMessageBatch",
]


def contained(sandbox, daemon):
    """What must be so once the message is acknowledged; the history."""
    assert sandbox.key(KEY) == "Deleted"
    assert sandbox.counters()["deletedKeys"] == 1
    for subject, text in sandbox.published():
        assert subject == events.subject("test-user")
        assert text.startswith(events.text(KEY, "test-user"))
    shown = run_of(daemon)
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "contained")
    return shown


# ---- each call ----


@pytest.mark.parametrize(
    "fault, error",
    [
        ({"do": "html", "status": 403}, "Http.Status403"),
        ({"do": "close", "bodyBytes": 9}, "Http.Reset"),
        ({"do": "reset"}, "Http.Reset"),
    ],
    ids=["proxy", "truncated", "reset"],
)
def test_every_call_may_break_once(sandbox, daemon, fault, error):
    sandbox.load(
        users=[user("test-user", KEY)],
        queues=[{"name": "keyguard", "visibilityTimeout": 2}],
        faults=[{**fault, "operation": call, "count": 1} for call in CALLS],
    )
    sandbox.send(events.seed(KEY))
    daemon.start(wait=False)
    sandbox.wait(acknowledged=1)
    # What breaks on a connection that was used before is sent again by curl.
    assert set(errors_in(contained(sandbox, daemon))) == {error}
    assert daemon.ctl("status")["state"] == "running"


def test_slow_answers_end_in_time(sandbox, daemon):
    # Each key has its own way to be slow, once.
    ways = [
        {"do": "hang"},
        {"do": "hang", "bodyBytes": 0},
        {"byteMs": 200},
        {"bodyByteMs": 200},
    ]
    keys = [key_id(n) for n in range(len(ways))]
    sandbox.load(
        users=[user("test-user", *keys)],
        faults=[
            {
                **way,
                "operation": "GetAccessKeyLastUsed",
                "parameter": key,
                "count": 1,
            }
            for way, key in zip(ways, keys)
        ],
    )
    sandbox.send(events.health(*keys))
    daemon.start()
    sandbox.wait(acknowledged=1)
    assert [sandbox.key(key) for key in keys] == ["Deleted"] * len(keys)
    for run in daemon.list():
        assert errors_in(daemon.show(run["name"])) == ["Http.Timeout"]


# ---- clocks and credentials ----


@pytest.mark.parametrize("ahead", [3600, -3600], ids=["behind", "ahead"])
def test_a_clock_that_is_wrong_by_an_hour_is_no_trouble(
    sandbox, daemon, ahead
):
    event = {"Username": "test-user", "EventName": "ListUsers"}
    sandbox.load(clockSkewSeconds=ahead)
    sandbox.load(
        users=[user("test-user", KEY)],
        events=[{**event, "ageSeconds": age} for age in (60, 85000)],
    )
    sandbox.send(events.seed(KEY))
    daemon.start()
    sandbox.wait(acknowledged=1)
    assert "our clock is" in str(daemon.log)
    [(_, text)] = sandbox.published()
    assert "\tListUsers: 2\n" in text
    assert errors_in(run_of(daemon)) == []


def session(number, **more):
    return {
        "id": f"ASIAEXAMPLESESSION0{number}",
        "secret": SECRET,
        "token": f"token-{number}",
        **more,
    }


def write_session(path, number):
    path.write_text(
        "[default]\n"
        f"aws_access_key_id = ASIAEXAMPLESESSION0{number}\n"
        f"aws_secret_access_key = {SECRET}\n"
        f"aws_session_token = token-{number}\n",
        encoding="utf-8",
    )


@pytest.fixture(name="rotated")
def daemon_of_session(sandbox, make_daemon):
    """A daemon at work with the first of two sessions, and their file."""
    sandbox.load(
        users=[
            user("test-user", KEY),
            {"name": "keyguard", "keys": [session(1), session(2)]},
        ]
    )
    daemon = make_daemon(
        env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    )
    path = daemon.folder / "credentials"
    daemon.env["AWS_SHARED_CREDENTIALS_FILE"] = str(path)
    write_session(path, 1)
    daemon.start()
    sandbox.wait(parked=1)
    return daemon, path


EXPIRED = {"expires": "2020-01-01T00:00:00Z"}


def test_a_token_that_expires_in_flight_is_renewed(sandbox, rotated):
    daemon, path = rotated
    write_session(path, 2)
    sandbox.load(users=[{"name": "keyguard", "keys": [session(1, **EXPIRED)]}])
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert errors_in(contained(sandbox, daemon)) == []


def test_a_token_that_expires_is_waited_for(sandbox, rotated):
    daemon, path = rotated
    sandbox.load(users=[{"name": "keyguard", "keys": [session(1, **EXPIRED)]}])
    sandbox.send(events.seed(KEY))
    daemon.logged("IAM.ExpiredToken")
    write_session(path, 2)
    sandbox.wait(acknowledged=1)
    failures = errors_in(contained(sandbox, daemon))
    assert set(failures) == {"IAM.ExpiredToken"}


# ---- names ----


class NameServer:
    """Hears what is asked at an address of its own, and says nothing until it
    is told to: then, that every name is 127.0.0.1."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        self.asked = threading.Event()
        self.speaks = False
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            question, who = self.socket.recvfrom(512)
            if not question:
                return
            self.asked.set()
            if self.speaks:
                self.socket.sendto(self.answer(question), who)

    def answer(self, question):
        """An A record, or none for other types; the question is repeated."""
        end = question.index(b"\0", 12) + 5
        is_a = question[end - 4 : end - 2] == b"\0\1"
        return (
            question[:2]
            + b"\x81\x80\0\1"
            + (b"\0\1" if is_a else b"\0\0")
            + b"\0\0\0\0"
            + question[12:end]
            + (b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1" if is_a else b"")
        )

    def close(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()


def test_a_name_server_that_is_dead_holds_up_one_attempt(
    sandbox, daemon, monkeypatch, tmp_path
):
    alone = ["unshare", "-rm", "sh", "-c"]
    try:
        server = NameServer("127.0.0.253")
    except OSError:
        pytest.skip("may not be a name server")
    resolv = tmp_path / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.253\n", encoding="utf-8")
    alone += [f'mount --bind {resolv} /etc/resolv.conf && exec "$@"', "sh"]
    try:
        if subprocess.run([*alone, "true"], check=False).returncode != 0:
            pytest.skip("needs namespaces")
        monkeypatch.setattr("daemon.WRAP", [*alone, *WRAP])
        iam = f"https://iam.keyguard.test:{sandbox.port}"
        daemon.configure({"aws": {"endpoint_url_iam": iam}})
        sandbox.load(users=[user("test-user", KEY)])
        daemon.start()
        sandbox.send(events.seed(KEY))
        daemon.logged("Http.Timeout")
        server.speaks = True
        sandbox.wait(acknowledged=1)
        assert server.asked.is_set()
        assert set(errors_in(contained(sandbox, daemon))) <= {
            "Http.Timeout",
            "Http.NameNotResolved",
        }
    finally:
        server.close()


# ---- the disk ----


def limit_files(daemon, limit):
    """No file of the daemon may become longer: a full disk to SQLite."""
    resource.prlimit(
        daemon.process.pid,
        resource.RLIMIT_FSIZE,
        (limit, resource.RLIM_INFINITY),
    )


def test_a_full_disk_stops_receiving_and_loses_nothing(sandbox, daemon):
    sandbox.load(
        users=[user("test-user", KEY)],
        queues=[
            {"name": "dead"},
            {
                "name": "keyguard",
                "visibilityTimeout": 4,
                "maxReceiveCount": 2,
                "deadLetterQueue": "dead",
            },
        ],
    )
    daemon.start()
    sandbox.wait(parked=1)
    limit_files(daemon, 1)
    sandbox.send(events.seed(KEY))
    daemon.logged("Store.Full")
    sandbox.wait(max__parked=0)
    received = len(sandbox.calls("ReceiveMessage"))
    # For longer than it would have stayed hidden.
    sandbox.wait(SQS__ChangeMessageVisibilityBatch=4)
    status = daemon.ctl("status", status=1)
    assert status["state"] == "degraded"
    assert "store: Store.Full" in status["reasons"][0]
    assert sandbox.key(KEY) == "Active"
    assert len(sandbox.calls("ReceiveMessage")) == received

    limit_files(daemon, resource.RLIM_INFINITY)
    sandbox.wait(acknowledged=1)
    contained(sandbox, daemon)
    assert sandbox.counters()["messages"] == 0
