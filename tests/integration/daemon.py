# SPDX-License-Identifier: Apache-2.0
"""The built keyguardd as a test drives it: started, waited for by its own
notifications to systemd, asked through keyguardctl, stopped."""

import contextlib
import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import threading

BUILD = pathlib.Path(os.environ.get("KEYGUARD_BUILD", "build")).resolve()

# What a run of everything stands under, such as valgrind.
WRAP = shlex.split(os.environ.get("KEYGUARD_WRAP", ""))

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

# Nothing of the caller's own environment may reach AWS, or a proxy.
CLEAN = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "AWS_ACCESS_KEY_ID": KEY_ID,
    "AWS_SECRET_ACCESS_KEY": SECRET,
}
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"):
    if name in os.environ:
        CLEAN[name] = os.environ[name]


def write_config(path, sections):
    """Writes {"aws": {"region": ...}} in the form of the file."""
    with open(path, "w", encoding="utf-8") as out:
        for section, keys in sections.items():
            out.write(f"[{section}]\n")
            for key, value in keys.items():
                out.write(f"{key} = {value}\n")


class Lines:
    """Collects lines on a thread as they come; can wait for one."""

    def __init__(self, source):
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.collect, args=(source,))
        self.thread.start()

    def collect(self, source):
        for line in source:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait(self, text, since=0, seconds=30):
        """Waits for a line with that text, of those from number `since` on;
        returns its number."""

        def found():
            numbers = range(since, len(self.lines))
            return next((n for n in numbers if text in self.lines[n]), None)

        with self.changed:
            self.changed.wait_for(
                lambda: found() is not None or self.ended, seconds
            )
            number = found()
        assert number is not None, f"no {text!r} in\n{self}"
        return number

    def __str__(self):
        return "\n".join(self.lines)


def written(pipe):
    with pipe:
        for line in pipe:
            yield line.decode(errors="replace").rstrip("\n")


def notifications(listener):
    while message := listener.recv(65536):
        yield from message.decode().splitlines()


def fill(path):
    """Sends to a socket until it takes no more."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                sender.sendto(b"X=1", str(path))


class Daemon:
    """One keyguardd with a folder of its own, where it may run repeatedly."""

    def __init__(self, folder, sections, env=None):
        self.folder = pathlib.Path(folder)
        self.config = self.folder / "keyguardd.conf"
        self.socket = self.folder / "control.sock"
        self.store = self.folder / "keyguardd.db"
        self.env = {**CLEAN, **(env or {})}
        self.process = None
        self.log = None
        self.told = None
        self.heard = 0
        self.sections = {
            "store": {"path": self.store},
            "control": {"socket": self.socket, "group": ""},
        }
        self.configure(sections)

    def configure(self, sections):
        """Writes the file anew, with these sections added or changed."""
        for name, keys in sections.items():
            self.sections[name] = {**self.sections.get(name, {}), **keys}
        write_config(self.config, self.sections)

    def start(self, wait=True, listen=True):
        """Starts it and waits until it says READY=1."""
        path = self.folder / "notify.sock"
        path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.listener.bind(str(path))
        if not listen:
            fill(path)
        self.process = subprocess.Popen(
            [*WRAP, BUILD / "keyguardd", "-c", self.config],
            env={**self.env, "NOTIFY_SOCKET": str(path)},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.log = Lines(written(self.process.stderr))
        self.told = Lines(notifications(self.listener) if listen else [])
        self.heard = 0
        if wait:
            self.wait_for("READY=1")
        return self

    def logged(self, text):
        """Waits for a line of the log that has this; returns it."""
        return self.log.lines[self.log.wait(text)]

    def wait_for(self, what):
        """Waits for the next notification that has this; returns it."""
        number = self.told.wait(what, self.heard)
        self.heard = number + 1
        return self.told.lines[number]

    def ctl_raw(self, *words, stdin=None, timeout=60):
        return subprocess.run(
            [
                *WRAP,
                BUILD / "keyguardctl",
                "-s",
                self.socket,
                *map(str, words),
            ],
            env=CLEAN,
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    def ctl(self, *words, stdin=None, status=0):
        """Runs keyguardctl --json; returns the document it prints."""
        done = self.ctl_raw("--json", *words, stdin=stdin)
        assert done.returncode == status, (words, done, str(self.log))
        return json.loads(done.stdout) if done.stdout else None

    def inject(self, event, *words, status=0):
        """Injects an event, a document or text; returns its executions."""
        text = event if isinstance(event, str) else json.dumps(event)
        answer = self.ctl(
            "inject", "-", *words, stdin=text.encode(), status=status
        )
        return answer["executions"] if answer else None

    def list(self, *words):
        return self.ctl("list", *words)["executions"]

    def show(self, name):
        return self.ctl("show", name)

    def end(self, seconds=30):
        """Waits until it has ended by itself; returns the exit status."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = f"SIGKILL, {seconds} s later\n{self.log}"
        self.listener.shutdown(socket.SHUT_RD)
        self.log.thread.join()
        self.told.thread.join()
        self.listener.close()
        return status

    def stop(self, seconds=10):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.end(seconds)

    def kill(self):
        self.process.kill()
        self.end()

    def abandon(self):
        """Leaves nothing of it behind, whatever was wrong."""
        if self.process is None:
            return
        self.process.kill()
        if self.told.thread.is_alive():
            self.end()

    def close(self):
        """Ends it if it runs, in good order: then a leak would be told. Where
        it has ended unasked, ends what listens to it."""
        if self.process is None:
            return
        if self.process.poll() is None:
            assert self.stop() == 0, str(self.log)
        elif self.told.thread.is_alive():
            self.end()
