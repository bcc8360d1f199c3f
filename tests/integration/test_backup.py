# SPDX-License-Identifier: Apache-2.0
"""A copy of the store, taken while the daemon works."""

import base64
import contextlib
import os
import pathlib
import re
import resource
import signal
import sqlite3
import subprocess

import pytest

import events
from aws import key_id, user
from daemon import BUILD, CLEAN

varlink = pytest.importorskip("varlink")

MIB = 1 << 20


@pytest.fixture
def worked(sandbox, daemon):
    """A daemon that has handled a key."""
    sandbox.load(users=[user("test-user", key_id(0))])
    daemon.start()
    daemon.inject(events.seed(key_id(0)), "--wait")
    return daemon


def grow(path, mib):
    """Gives a store that nobody uses now so much to keep."""
    with sqlite3.connect(path) as store:
        store.execute("CREATE TABLE ballast (bytes BLOB)")
        for _ in range(mib):
            store.execute("INSERT INTO ballast VALUES (randomblob(1048576))")
    store.close()


@pytest.fixture
def large(sandbox, daemon):
    """A daemon with a store of 100 MiB."""
    daemon.start()
    daemon.stop()
    grow(daemon.store, 100)
    return daemon.start()


def look_into(path):
    """What a copy says of itself and of its executions."""
    with sqlite3.connect(path) as copy:
        [[good]] = copy.execute("PRAGMA integrity_check")
        names = copy.execute("SELECT name FROM executions").fetchall()
    copy.close()
    return good, [name for [name] in names]


def files(daemon):
    """All that lies beside the store, of whatever name."""
    return sorted(path.name for path in daemon.folder.iterdir())


def removed(daemon):
    """The files without a name that the daemon has open."""
    found = []
    for link in pathlib.Path(f"/proc/{daemon.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            found.append(os.readlink(link))
    return [
        target
        for target in found
        if target.startswith(str(daemon.folder)) and "(deleted)" in target
    ]


# ---- what it is ----


def test_a_copy_is_a_whole_store(worked, tmp_path):
    copy = tmp_path / "copy.db"
    before = files(worked)
    done = worked.ctl_raw("backup", copy)
    assert done.returncode == 0, done
    assert done.stdout.decode() == f"{copy}: {copy.stat().st_size} bytes\n"
    assert copy.stat().st_mode & 0o777 == 0o600
    [run] = worked.list()
    assert look_into(copy) == ("ok", [run["name"]])
    assert files(worked) == before
    line = worked.logged("copy of the store: asked for")
    assert re.search(rf"backup:uid={os.getuid()},user=\S+,pid=\d+", line)
    worked.logged("copy of the store: handed out")


def test_a_daemon_goes_on_from_a_copy(worked, make_daemon, tmp_path):
    copy = tmp_path / "copy.db"
    [run] = worked.list()
    shown = worked.show(run["name"])
    worked.ctl_raw("backup", copy)
    other = make_daemon()
    copy.rename(other.store)
    other.start()
    assert other.show(run["name"]) == shown


def test_a_copy_can_go_through_a_pipe(worked, tmp_path):
    done = worked.ctl_raw("backup", "-")
    assert done.returncode == 0
    copy = tmp_path / "copy.db"
    copy.write_bytes(done.stdout)
    assert look_into(copy)[0] == "ok"


# ---- when it cannot be ----


def test_no_file_is_overwritten(worked, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_text("precious")
    done = worked.ctl_raw("backup", copy)
    assert done.returncode == 2
    assert b"copy.db: File exists" in done.stderr
    assert copy.read_text() == "precious"


def test_where_nothing_can_be_nothing_is_copied(worked, tmp_path):
    done = worked.ctl_raw("backup", tmp_path / "no/copy.db")
    assert done.returncode == 2
    assert b"No such file or directory" in done.stderr
    assert "copy of the store" not in str(worked.log)


def test_no_terminal_gets_a_copy(worked):
    master, slave = os.openpty()
    done = subprocess.run(
        [BUILD / "keyguardctl", "-s", worked.socket, "backup", "-"],
        env=CLEAN,
        stdout=slave,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(slave)
    os.close(master)
    assert done.returncode == 2
    assert b"neither text nor JSON" in done.stderr


def start_backup(daemon, path, **more):
    return subprocess.Popen(
        [BUILD / "keyguardctl", "-s", daemon.socket, "backup", path],
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,
    )


def no_room():
    """A file may have 50 MiB; a write of more fails as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50 * MIB, 50 * MIB))


def test_a_full_disk_leaves_no_half(large, tmp_path):
    folder = tmp_path / "full"
    folder.mkdir()
    with start_backup(large, folder / "copy.db", preexec_fn=no_room) as ctl:
        assert b"copy.db: File too large" in ctl.stderr.read()
        assert ctl.wait(60) == 1
    assert list(folder.iterdir()) == []


def test_no_room_behind_a_pipe_is_told(worked):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [BUILD / "keyguardctl", "-s", worked.socket, "backup", "-"],
            env=CLEAN,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr


def test_who_is_interrupted_leaves_no_half(large, tmp_path):
    folder = tmp_path / "interrupted"
    folder.mkdir()
    with start_backup(large, folder / "copy.db") as ctl:
        while not list(folder.iterdir()):
            assert ctl.poll() is None
        ctl.send_signal(signal.SIGINT)
        assert ctl.wait(60) in (-signal.SIGINT, 0)
    assert [path.name for path in folder.iterdir()] in ([], ["copy.db"])


# ---- while the daemon works ----


def test_the_work_goes_on_meanwhile(sandbox, large, tmp_path):
    keys = [key_id(i) for i in range(20)]
    sandbox.load(users=[user(f"user-{i}", key) for i, key in enumerate(keys)])
    copy = tmp_path / "copy.db"
    address = f"unix:{large.socket}"
    with varlink.Client.new_with_address(address) as client:
        with client.open("io.keyguard.Control") as control:
            pieces = control.Backup(_more=True)
            size = next(pieces)["bytes"]
            assert size > 100 * MIB
            with open(copy, "wb") as out:
                out.write(base64.b64decode(next(pieces)["piece"]))
                # Most of it waits for us now.
                assert removed(large)
                for key in keys:
                    sandbox.send(events.seed(key))
                sandbox.wait(deletedKeys=len(keys))
                *rest, last = pieces
                for reply in rest:
                    out.write(base64.b64decode(reply["piece"]))
            assert last == {}
    assert copy.stat().st_size == size
    assert look_into(copy) == ("ok", []), "as it was when it was begun"


def test_a_client_that_goes_leaves_nothing(large):
    before = files(large)
    address = f"unix:{large.socket}"
    with varlink.Client.new_with_address(address) as client:
        with client.open("io.keyguard.Control") as control:
            pieces = control.Backup(_more=True)
            next(pieces)
            next(pieces)
            assert removed(large)
    while removed(large):
        assert large.ctl("status")["state"] == "running"
    assert files(large) == before
    large.logged("copy of the store: broken off")
