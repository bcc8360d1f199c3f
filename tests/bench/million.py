#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A store of a million ended executions: how large it is, how fast a daemon
starts on it and lists it, and whether an exposed key lives longer while a
tenth of them is deleted. The histories are those of twenty keys that the
daemon has dealt with, over and over; they take 4 GB of disk, and a
backup of them twice that."""

import contextlib
import os
import pathlib
import random
import sqlite3
import statistics
import subprocess
import tempfile
import time

from bench import row

import events
from aws import Aws, key_id, user
from containment import stamp_ms
from daemon import BUILD, CLEAN, Daemon

MILLION = 1_000_000
KEPT = MILLION * 9 // 10
TEMPLATES = 20
MEASURED = 200  # keys, each time
EVERY_MS = 7000  # from one execution to the next: 81 days in all

ACTIONS = (
    "AssumeRole AttachUserPolicy CreateAccessKey CreateRole CreateUser"
    " DeleteRole DeleteRolePolicy DescribeInstances GetCallerIdentity"
    " GetObject ListBuckets ListUsers PutObject PutRolePolicy RunInstances"
).split()
RESOURCES = {
    "AWS::IAM::Role": "arn:aws:iam::123456789012:role/service/build-{}",
    "AWS::IAM::User": "ci-runner-{}",
    "AWS::S3::Bucket": "artifacts-eu-central-1-{}",
    "AWS::EC2::Instance": "i-0123456789abcde{:02}",
}


def trail(name):
    """What a user did lately: as much as the summary looks at."""
    for number in range(50):
        kind = random.choice(list(RESOURCES))
        resource = RESOURCES[kind].format(random.randrange(20))
        yield {
            "EventName": random.choice(ACTIONS),
            "Username": name,
            "ageSeconds": 600 + number,
            "Resources": [{"ResourceType": kind, "ResourceName": resource}],
        }


def name_of(number):
    return f"user-{'x' * (number % 13)}{number}"


def finding(number):
    """With the members that AWS has added since the sample was written."""
    return events.health(
        key_id(number),
        number=number,
        affectedAccount=events.ACCOUNT,
        backupEvent="false",
        communicationId=f"{number:08x}-8f2a-4d4b-9d3e-0c9f1b2a3d4e-1",
        eventRegion="us-east-1",
        eventScopeCode="ACCOUNT_SPECIFIC",
        lastUpdatedTime="Sun, 05 Jun 2016 06:30:57 GMT",
        page="1",
        statusCode="open",
        totalPages="1",
    )


def deal_with_twenty(aws, daemon):
    aws.load(
        users=[user(name_of(i), key_id(i)) for i in range(TEMPLATES)],
        events=[event for i in range(TEMPLATES) for event in trail(name_of(i))],
    )
    daemon.start()
    for number in range(TEMPLATES):
        aws.send(finding(number))
    aws.wait(acknowledged=TEMPLATES)
    assert daemon.stop() == 0


def columns(store, table, **changed):
    """The columns of a template, some of them changed."""
    names = [line[1] for line in store.execute(f"PRAGMA table_info({table})")]
    return ", ".join(changed.get(name, f"old.{name}") for name in names)


def multiply(path):
    """Until there are a million, the newest of them now."""
    first = int(time.time() * 1000) - MILLION * EVERY_MS
    start = f"({first} + i * {EVERY_MS})"
    key = "printf('AKIAMILLION%09d', i)"
    later = {
        name: f"old.{name} - x.start_ms + {start}"
        for name in ("start_ms", "stop_ms", "intent_ms", "wall_ms")
    }
    anew = {
        name: f"replace(old.{name}, x.key_id, {key})"
        for name in ("name", "key_id", "lane", "data")
    }
    store = sqlite3.connect(path, isolation_level=None)
    store.executescript(
        "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;"
        "PRAGMA cache_size = -200000; BEGIN;"
        "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS"
        f" (SELECT {TEMPLATES + 1} UNION ALL SELECT i + 1 FROM n"
        f"  WHERE i < {MILLION}) SELECT i, i % {TEMPLATES} + 1 AS old FROM n;"
        "CREATE TEMP TABLE x AS SELECT * FROM executions;"
        "CREATE TEMP TABLE y AS SELECT * FROM events ORDER BY execution, id;"
        "CREATE INDEX temp.y_execution ON y (execution);"
        "INSERT INTO executions SELECT "
        + columns(store, "executions", id="i", **later, **anew)
        + " FROM n CROSS JOIN x AS old ON old.id = n.old"
        " CROSS JOIN x ON x.id = old.id;"
        "INSERT INTO events SELECT "
        + columns(store, "events", execution="i", **later, **anew)
        + " FROM n CROSS JOIN y AS old ON old.execution = n.old"
        " CROSS JOIN x ON x.id = n.old;"
        "COMMIT;"
    )
    store.close()


def forget_pages(path):
    """Nothing of the file is in memory any more."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def seconds_of(action, *words):
    began = time.monotonic()
    action(*words)
    return f"{time.monotonic() - began:.3f}"


def reads(daemon):
    row("its newest page, listed after", seconds_of(daemon.list), "s")
    uncontained = seconds_of(daemon.list, "--outcome", "uncontained")
    row("the uncontained, of which there are none", uncontained, "s")
    [newest] = daemon.list("--limit", "1")
    row("one history, shown after", seconds_of(daemon.show, newest["name"]), "s")


def life_of(aws, number):
    """From our sending the message to DeleteAccessKey."""
    aws.wait(parked=1)
    began = time.time() * 1000
    aws.send(events.health(key_id(number), number=number))
    aws.wait(acknowledged=number + 1)
    return stamp_ms(aws.calls("DeleteAccessKey")[-1]["time"]) - began


def lives(aws, first):
    """How long each of so many keys lives, one after the other."""
    numbers = range(first, first + MEASURED)
    aws.load(users=[user(f"u{i}", key_id(i)) for i in numbers])
    return [life_of(aws, number) for number in numbers]


def ended(daemon):
    return daemon.ctl("status")["executions"]["succeeded"]


def wait_until_it_deletes(daemon):
    before = ended(daemon)
    while ended(daemon) >= before:
        time.sleep(1)


def life(name, taken):
    row(f"{name}: half of them", f"{statistics.median(taken):.2f}", "ms")
    row(f"{name}: the slowest", f"{max(taken):.1f}", "ms")


def back_up(daemon):
    target = daemon.folder / "copy.db"
    subprocess.run(
        [BUILD / "keyguardctl", "-s", daemon.socket, "backup", target],
        env=CLEAN,
        check=True,
        capture_output=True,
    )
    target.unlink()


def main():
    random.seed(1)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        aws = stack.enter_context(Aws())
        daemon = Daemon(pathlib.Path(folder), aws.sections())
        daemon.configure({"store": {"max_executions": KEPT}})
        daemon.configure({"response": {"max_per_window": 100000}})
        stack.callback(daemon.close)
        print("A million executions (this takes ten minutes):", flush=True)
        deal_with_twenty(aws, daemon)
        row("made after", seconds_of(multiply, daemon.store), "s")
        size = daemon.store.stat().st_size
        row("each takes on disk", f"{size / MILLION:.0f}", "bytes")
        forget_pages(daemon.store)
        row("a start, until READY=1", seconds_of(daemon.start), "s")
        reads(daemon)
        row("a backup, with nothing else to do", seconds_of(back_up, daemon), "s")
        alone = lives(aws, TEMPLATES)
        life("a key lives", alone)
        wait_until_it_deletes(daemon)
        meanwhile = lives(aws, TEMPLATES + MEASURED)
        life("while others are deleted", meanwhile)
        ratio = statistics.median(meanwhile) / statistics.median(alone)
        row("that is so many times", f"{ratio:.2f}")
        assert ended(daemon) > KEPT, "all had been deleted too soon"


if __name__ == "__main__":
    main()
