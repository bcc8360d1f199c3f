# SPDX-License-Identifier: Apache-2.0
"""The daemon's life: starting or refusing to, telling systemd, reloading,
stopping."""

import grp
import os
import signal
import stat
import subprocess
import time

import pytest

import events
from daemon import BUILD, CLEAN, WRAP, Daemon
from aws import key_id, user

KEY = key_id(0)


def run(*words):
    return subprocess.run(
        [BUILD / "keyguardd", *map(str, words)],
        env=CLEAN,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


# ---- the command line and the configuration ----


@pytest.mark.parametrize(
    "line, complaint",
    [
        ("[aws]\nregion = Not A Region", "2: "),
        ("[aws]\nregion = us-east-1\nregoin = x", "3: "),
        ("[empty]", "1: "),
        ("[awz]\nregion = us-east-1", "1: "),
        ("[limits]\ncontaining = 0", "from 1 to 100000"),
        ("[summary]\nlookup_rate = fast", "from 0.1 to 100"),
        ("[notify]\ndetails = perhaps", "yes or no"),
        ("[aws]\nendpoint_url = http://192.0.2.1", "loopback"),
        ("[aws]\nendpoint_url_iam = ftp://127.0.0.1", "https URL"),
        ("no section = 1", "1: "),
    ],
)
def test_a_bad_configuration_is_refused_with_its_line(daemon, line, complaint):
    extra = daemon.config.with_name(daemon.config.name + ".d")
    extra.mkdir()
    (extra / "10-bad.conf").write_text(line + "\n", encoding="utf-8")
    for words in ([], ["--check"], ["--print-config"]):
        done = run("-c", daemon.config, *words)
        assert done.returncode == 78
        assert done.stdout == ""
        assert f"{extra / '10-bad.conf'}:" in done.stderr
        assert complaint in done.stderr


def test_a_configuration_that_is_not_there_is_refused(tmp_path):
    done = run("-c", tmp_path / "none.conf", "--check")
    assert done.returncode == 78
    assert "none.conf" in done.stderr


def test_what_must_be_given_is_asked_for(tmp_path):
    empty = tmp_path / "empty.conf"
    empty.write_text("", encoding="utf-8")
    done = run("-c", empty, "--check")
    assert done.returncode == 78
    for key in ("[aws] region", "[queue] url", "[notify] topic_arn"):
        assert key in done.stderr


def test_the_printed_configuration_reads_back_the_same(daemon, tmp_path):
    first = run("-c", daemon.config, "--print-config")
    assert first.returncode == 0
    again = tmp_path / "again.conf"
    again.write_text(first.stdout, encoding="utf-8")
    assert run("-c", again, "--print-config").stdout == first.stdout
    assert "containing = 256" in first.stdout
    check = run("-c", daemon.config, "--check")
    assert (check.returncode, check.stderr) == (0, "")


def test_wrong_usage_is_told_from_a_wrong_configuration():
    assert run("--nonsense").returncode == 2
    assert run("left-over").returncode == 2
    assert run("--version").stdout.startswith("keyguardd ")


# ---- the socket ----


def test_the_socket_is_its_groups(sandbox, daemon):
    name = "nogroup" if os.getuid() == 0 else grp.getgrgid(os.getgid()).gr_name
    daemon.configure({"control": {"group": name}})
    daemon.start()
    status = daemon.socket.stat()
    assert stat.S_IMODE(status.st_mode) == 0o660
    assert grp.getgrgid(status.st_gid).gr_name == name


def test_without_its_group_the_socket_is_the_users_alone(sandbox, daemon):
    daemon.configure({"control": {"group": "no-such-group"}})
    daemon.start()
    assert stat.S_IMODE(daemon.socket.stat().st_mode) == 0o600
    assert "no-such-group" in str(daemon.log)


def test_where_no_group_is_named_nothing_is_amiss(sandbox, daemon):
    daemon.configure({"control": {"group": ""}})
    daemon.start()
    assert stat.S_IMODE(daemon.socket.stat().st_mode) == 0o600
    assert "<4>" not in str(daemon.log)


def test_a_second_daemon_is_refused_and_the_first_goes_on(sandbox, daemon):
    daemon.start()
    folder = daemon.folder / "second"
    folder.mkdir()
    second = Daemon(folder, daemon.sections)
    second.start(wait=False)
    assert second.end() == 1
    assert "another keyguardd" in str(second.log)
    second.close()
    assert daemon.ctl("status")["state"] == "running"


# ---- systemd ----


def test_systemd_is_told_of_it_all(sandbox, make_daemon):
    daemon = make_daemon(env={"WATCHDOG_USEC": "200000"})
    daemon.start()
    assert daemon.wait_for("STATUS=").startswith("STATUS=running")
    daemon.wait_for("WATCHDOG=1")
    daemon.wait_for("WATCHDOG=1")
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("RELOADING=1")
    daemon.wait_for("READY=1")
    sandbox.load(users=[user("test-user", KEY)])
    daemon.inject(events.seed(KEY), "--wait")
    daemon.wait_for("STATUS=running; executions: 0 running, 1 ended")
    assert daemon.stop() == 0
    daemon.wait_for("STOPPING=1")


def test_what_was_never_counted_is_not_known(daemon):
    daemon.store.write_text("no database, but somebody's text. " * 100)
    daemon.start(wait=False)
    line = daemon.wait_for("store: Store.")
    assert line.startswith("STATUS=degraded; executions: not known; store: ")
    assert "executions" not in daemon.ctl("status", status=1)


def test_a_systemd_that_does_not_read_holds_up_nothing(sandbox, make_daemon):
    daemon = make_daemon(env={"WATCHDOG_USEC": "20000"})
    sandbox.load(users=[user("test-user", KEY)])
    daemon.start(wait=False, listen=False)
    daemon.logged("ready")
    daemon.inject(events.seed(KEY), "--wait")
    # What it was not told before it is told when it reads again.
    while b"READY=1" not in daemon.listener.recv(65536):
        pass
    assert daemon.stop() == 0


def test_reload_takes_what_can_change_and_says_what_cannot(sandbox, daemon):
    sandbox.load(users=[user("test-user", KEY)])
    daemon.start()
    daemon.configure(
        {
            "notify": {"details": "no"},
            "queue": {"url": "https://127.0.0.1/1/other"},
        }
    )
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("RELOADING=1")
    daemon.wait_for("READY=1")
    assert "needs restart" in daemon.logged("[queue] url")
    daemon.inject(events.seed(KEY), "--wait")
    assert sandbox.published() == [
        (events.subject("test-user"), events.text(KEY, "test-user"))
    ]


def test_a_bad_configuration_is_not_reloaded(sandbox, daemon):
    sandbox.load(users=[user("test-user", KEY)])
    daemon.start()
    daemon.configure({"notify": {"details": "perhaps"}})
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("READY=1")
    assert f"{daemon.config}:" in daemon.logged("reload refused")
    daemon.inject(events.seed(KEY), "--wait")
    [(_, text)] = sandbox.published()
    assert "DETAILS" in text


# ---- the end ----


def test_sigterm_ends_an_idle_daemon_at_once(sandbox, daemon):
    daemon.start()
    sandbox.wait(parked=1)
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began < 1
    assert not daemon.socket.exists()


@pytest.mark.parametrize(
    "operation",
    ["GetAccessKeyLastUsed", "DeleteAccessKey", "Publish", "ReceiveMessage"],
)
def test_sigterm_ends_it_within_5_s_also_while_a_call_hangs(
    sandbox, daemon, operation
):
    sandbox.load(users=[user("test-user", KEY)])
    sandbox.faults({"do": "hang", "operation": operation})
    daemon.start()
    [run] = daemon.inject(events.seed(KEY))
    service = {"Publish": "SNS", "ReceiveMessage": "SQS"}.get(operation, "IAM")
    sandbox.wait(**{f"{service}.{operation}": 1})
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began < 5

    # What was cut off is done after the next start.
    sandbox.faults()
    daemon.start()
    sandbox.wait(published=1)
    assert sandbox.key(KEY) == "Deleted"
    assert daemon.show(run["name"])["outcome"] == "contained"


WEDGED_DISK = """
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int
fdatasync(int fd)
{
	while (access(getenv("WEDGED"), F_OK) == 0)
		pause();
	return (int)syscall(SYS_fdatasync, fd);
}
"""


def test_sigterm_ends_it_within_5_s_also_while_the_disk_is_wedged(
    sandbox, make_daemon, tmp_path
):
    library, wedge = tmp_path / "wedged.so", tmp_path / "wedged"
    env = {"LD_PRELOAD": str(library), "WEDGED": str(wedge)}
    try:
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-xc", "-", "-o", library],
            input=WEDGED_DISK.encode(),
            check=True,
        )
        subprocess.run(
            [*WRAP, BUILD / "keyguardd", "--version"],
            env={**CLEAN, **env},
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs a compiler, and a program that takes its library")
    daemon = make_daemon(env=env)
    sandbox.load(
        users=[user("test-user", KEY)],
        queues=[{"name": "keyguard", "visibilityTimeout": 2}],
    )
    daemon.start()
    sandbox.wait(parked=1)
    wedge.touch()
    sandbox.send(events.seed(KEY))
    sandbox.wait(IAM__GetAccessKeyLastUsed=1)
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began < 5
    assert sandbox.key(KEY) == "Active"

    wedge.unlink()
    daemon.start()
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Deleted"
    assert len(sandbox.published()) == 1
