# SPDX-License-Identifier: Apache-2.0
"""The control socket, broken off at every byte: by a client, within what it
asks and within what it is told; and by the daemon under keyguardctl. A part of
the positions is tried, or with KEYGUARD_FAULTS=all each one."""

import concurrent.futures
import json
import os
import selectors
import socket
import subprocess
import threading

import pytest

import events
from aws import key_id, user
from daemon import BUILD, CLEAN, WRAP

ALL = os.environ.get("KEYGUARD_FAULTS") == "all"
EVENT = json.dumps(events.health(key_id(0)))


@pytest.fixture(name="worked")
def one_that_has_worked(sandbox, daemon):
    """A daemon that has handled a key."""
    sandbox.load(users=[user("test-user", key_id(0))])
    sandbox.send(EVENT)
    daemon.start()
    sandbox.wait(acknowledged=1)
    return daemon


def some(length, stride):
    """The positions that are tried of so many bytes; the last ones always. Of a
    copy of the store, which goes on for long, never each."""
    if ALL:
        stride = 1 if length < 20000 else 97
    return sorted({*range(0, length + 1, max(stride, 1)), length - 1, length})


# ---- a client that goes ----


def call(method, more=False, **parameters):
    document = {
        "method": f"io.keyguard.Control.{method}",
        "parameters": parameters,
        "more": more,
    }
    return json.dumps(document).encode() + b"\0"


def ask(daemon, request, most=1 << 20):
    """Sends it, and hangs up when so many bytes have come or the reply has
    ended; returns them."""
    got = b""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(daemon.socket))
        client.settimeout(30)
        client.sendall(request)
        while len(got) < most and not got.endswith(b"\0"):
            part = client.recv(min(most - len(got), 65536))
            assert part, "the daemon hung up"
            got += part
    return got


def descriptors(daemon):
    return len(os.listdir(f"/proc/{daemon.process.pid}/fd"))


def test_clients_that_go_at_every_byte(worked, figures):
    [run] = worked.list()
    calls = [
        call("List"),
        call("Status"),
        call("Describe", name=run["name"]),
        call("Watch", more=True, names=[run["name"]]),
        call("Machine", format="text"),
        call("Rejected"),
        call("Backup", more=True),
        call("Stop", name=run["name"]),
        b'{"method":"org.varlink.service.GetInfo"}\0',
        b"no call\0",
    ]
    # Of a copy SQLite keeps one, for the next.
    ask(worked, call("Backup", more=True))
    before = descriptors(worked)
    tried = 0
    for request in calls:
        for count in some(len(request) - 1, 5):
            ask(worked, request[:count], most=0)
            tried += 1
        if request == b"no call\0":  # it is hung up on
            continue
        for count in some(len(ask(worked, request)), 23):
            ask(worked, request, most=count)
            tried += 1
    # Some go by other threads, a moment after a client has.
    for _ in range(100):
        assert worked.list() == [run]
        if descriptors(worked) <= before:
            break
    assert descriptors(worked) <= before
    assert worked.stop() == 0
    figures(f"control socket: {tried} clients gone, each at another byte")


def test_what_was_not_asked_whole_is_not_done(sandbox, worked, figures):
    request = call("Inject", event=EVENT)
    for count in some(len(request) - 1, 29):
        ask(worked, request[:count], most=0)
    assert len(worked.list()) == 1
    # And what was is done, whether the client is there or not.
    length = len(ask(worked, request))
    positions = some(length, 29)
    for count in positions:
        ask(worked, request, most=count)
    sandbox.wait(published=len(positions) + 2)
    assert len(worked.list("--limit", 1000)) == len(positions) + 2
    assert worked.stop() == 0
    figures(f"control socket: {len(positions)} injections done for nobody")


# ---- a daemon that goes ----


class Between:
    """A socket on which somebody in the daemon's place serves connections, one
    after the other."""

    def __init__(self, path, serve):
        self.path = path
        self.serve = serve
        path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            for number in range(1 << 20):
                with self.listener.accept()[0] as client:
                    self.serve(number, client)
        except OSError:
            pass  # the end

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def ctl(self, *words, event=EVENT):
        return subprocess.run(
            [*WRAP, BUILD / "keyguardctl", "-s", self.path, *words],
            env=CLEAN,
            input=event.encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )


def record(daemon, path, *words, **more):
    """What the daemon says to keyguardctl on each connection, and what that
    makes of it."""
    said = []

    def pass_on(_, client):
        said.append(b"")
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(str(daemon.socket))
            selector = selectors.DefaultSelector()
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    part = key.fileobj.recv(65536)
                    if not part:
                        return
                    key.data.sendall(part)
                    if key.fileobj is server:
                        said[-1] += part

    with Between(path, pass_on) as between:
        done = between.ctl(*words, **more)
    return said, done


def heard(client):
    """Waits for a whole call; false when there is none."""
    while part := client.recv(65536):
        if part.endswith(b"\0"):
            return True
    return False


def replay(path, words, said):
    """What keyguardctl makes of daemons that say this, one after the other, and
    are gone."""

    def say(number, client):
        if heard(client) and number < len(said):
            client.sendall(said[number])

    with Between(path, say) as between:
        return between.ctl(*words)


# Of what they do it has to be said that it may have been done.
DEEDS = "inject", "redrive", "retry", "stop", "resume"
VERBS = [
    ["list"],
    ["status"],
    ["show", "NAME"],
    ["machine"],
    ["rejected"],
    ["inject", "-"],
    ["redrive", "NAME"],
    ["retry", "NAME"],
    ["stop", "NAME"],
    ["resume"],
    ["backup", "-"],
]


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_keyguardctl_under_a_daemon_that_dies(worked, tmp_path, words, figures):
    [run] = worked.list()
    words = [run["name"] if word == "NAME" else word for word in words]
    said, whole = record(worked, tmp_path / "record", *words)
    *before, last = said
    positions = some(len(last), len(last) // 40)

    def die_at(count):
        done = replay(
            tmp_path / f"{count}.sock", words, [*before, last[:count]]
        )
        if count == len(last):
            assert done.returncode == whole.returncode
            assert done.stdout == whole.stdout
            assert done.stderr == whole.stderr
            return
        told = done.stderr.decode()
        assert done.returncode == 3, (count, done)
        assert "the daemon has hung up: systemctl status keyguardd" in told
        unknown = "not known whether it was accepted" in told
        assert unknown == (words[0] in DEEDS), told
        # What came before is shown.
        assert not done.stdout or words[0] in ("backup", "show")

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for _ in pool.map(die_at, positions):
            pass
    figures(f"keyguardctl {words[0]}: told {len(positions)} deaths")


def test_waiting_outlives_a_death_at_any_byte(
    sandbox, worked, tmp_path, figures
):
    sandbox.load(users=[user("other", key_id(1))])
    words = ["inject", "-", "--wait"]
    [said], whole = record(
        worked,
        tmp_path / "record",
        *words,
        event=json.dumps(events.health(key_id(1))),
    )
    assert whole.returncode == 0
    accepted = said.index(b"\0") + 1
    [run] = json.loads(said[: accepted - 1])["parameters"]["executions"]
    watched = ask_all(worked, run["name"])

    def die_at(count):
        done = replay(
            tmp_path / f"{count}.sock", words, [said[:count], watched]
        )
        told = done.stderr.decode()
        if count < accepted:
            assert done.returncode == 3, (count, done)
            assert "not known whether it was accepted" in told
        else:
            assert done.returncode == 0, (count, done)
            assert b"SUCCEEDED" in done.stdout

    positions = some(len(said), len(said) // 40)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in pool.map(die_at, positions):
            pass
    figures(f"keyguardctl inject --wait: {len(positions)} deaths outlived")


def ask_all(daemon, name):
    """Everything that Watch says of an execution that has ended."""
    got = b""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(daemon.socket))
        client.settimeout(30)
        client.sendall(call("Watch", more=True, names=[name]))
        while not got.endswith(b"\0") or b'"continues":true' in (
            got[:-1].rpartition(b"\0")[2]
        ):
            got += client.recv(65536)
    return got
