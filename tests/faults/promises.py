# SPDX-License-Identifier: Apache-2.0
"""What is promised whatever dies: held against the calls that the sandbox saw,
against the store as a dead daemon left it, and against what keyguardctl tells
of the living one. What is broken is an AssertionError."""

import base64
import json
import pathlib
import re
import shutil
import sqlite3
import tempfile

ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted")

# Which events may follow which, within a history.
FOLLOWS = {
    None: ["ExecutionStarted"],
    "ExecutionStarted": ["TaskStateEntered", "ExecutionAborted"],
    "TaskStateEntered": ["TaskScheduled", "TaskStateAborted"],
    "TaskScheduled": [
        "TaskStarted",
        "TaskSucceeded",  # there was nothing to call for
        "TaskFailed",
        "TaskStateAborted",
    ],
    "TaskStarted": [
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskFailed",
        "TaskStateAborted",
    ],
    "TaskSubmitted": [
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskFailed",
        "TaskStateAborted",
    ],
    "TaskSucceeded": ["TaskStateExited"],
    "TaskFailed": [
        "TaskScheduled",
        "TaskStateExited",
        "ExecutionFailed",
        "ExecutionRedriven",
        "TaskStateAborted",
    ],
    "TaskStateExited": ["TaskStateEntered", "ExecutionSucceeded"],
    "TaskStateAborted": ["ExecutionAborted"],
    "ExecutionFailed": ["ExecutionRedriven"],
    "ExecutionRedriven": ["TaskScheduled", "TaskStateAborted"],
    "ExecutionSucceeded": [],
    "ExecutionAborted": [],
}
STATES = ["DeleteAccessKeyPair", "LookupCloudTrailEvents", "NotifySecurity"]

# Attempts by the retriers of a state, the first one included, in each run.
ATTEMPTS = dict(zip(STATES, (1 + 20 + 8, 1 + 5, 1 + 20)))


def check_history(shown, kills):
    """One execution as keyguardctl shows it, after so many kills."""
    events, name = shown["events"], shown["name"]
    types = [event["type"] for event in events]
    ids = [event["id"] for event in events]
    stamps = [event["timestamp"] for event in events]
    assert ids == list(range(1, len(ids) + 1)), (name, ids)
    assert stamps == sorted(stamps), (name, stamps)
    for before, after in zip([None, *types], types):
        assert after in FOLLOWS[before], (name, before, after, types)
    assert (types[-1] in ENDS) == (shown["status"] != "RUNNING"), (name, types)

    entered, failed, restarts = [], 0, 0
    for event in events:
        if event["type"] == "TaskStateEntered":
            entered.append(event["stateEnteredEventDetails"]["name"])
        elif event["type"] == "TaskStateExited":
            assert event["stateExitedEventDetails"]["name"] == entered[-1]
        if event["type"] in ("TaskStateEntered", "ExecutionRedriven"):
            failed = 0
        if event["type"] != "TaskFailed":
            continue
        restarted = (
            event["taskFailedEventDetails"]["error"] == "Daemon.Restarted"
        )
        restarts += restarted
        failed += not restarted
        assert failed <= ATTEMPTS[entered[-1]], (name, entered[-1], failed)
    assert restarts <= kills, (name, restarts, kills)
    # None is entered twice.
    order = [STATES.index(state) for state in entered]
    assert order == sorted(set(order)), (name, entered)


class Wreck:
    """What a daemon that has died has made durable; its store is left as it
    is."""

    def __init__(self, store):
        self.runs, self.notes, self.refused = [], {}, set()
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "copy.db"
            for suffix in ("", "-wal"):
                if pathlib.Path(f"{store}{suffix}").exists():
                    shutil.copyfile(f"{store}{suffix}", f"{copy}{suffix}")
            database = sqlite3.connect(copy)
            if database.execute("PRAGMA user_version").fetchone()[0] > 1:
                self.read(database)
            database.close()

    def read(self, database):
        names = "id", "name", "status", "outcome", "key_id", "due_ms"
        query = f"SELECT {', '.join(names)} FROM executions"
        for row in database.execute(query).fetchall():
            run = dict(zip(names, row))
            run["events"] = database.execute(
                "SELECT type, state, resource, data FROM history"
                " WHERE execution = ? ORDER BY id",
                (run["id"],),
            ).fetchall()
            self.runs.append(run)
        self.notes = dict(database.execute("SELECT key, text FROM notes"))
        rows = database.execute("SELECT message_id FROM rejected")
        self.refused = {row[0] for row in rows}

    def of(self, finding):
        """The executions of a finding: not those of its retries, nor what an
        operator has injected."""
        return [
            run
            for run in self.runs
            if run["events"]
            and run["events"][0][2].startswith("sqs:")
            and finding_of(run["events"][0][3]) == finding
        ]

    def did(self, what, kind, state, by="key_id"):
        """Whether an execution of that key has such an event."""
        return any(
            event[:2] == (kind, state)
            for run in self.runs
            if run[by] == what
            for event in run["events"]
        )


def finding_of(text):
    """Of the input of an execution of one key: which of the findings that were
    sent it is about."""
    detail = json.loads(text).get("detail")
    if detail is None:
        return None
    [entity] = detail["affectedEntities"]
    return detail["eventArn"], entity["entityValue"]


def findings(body):
    """Those of an event as it is sent."""
    detail = body["detail"]
    return [
        (detail["eventArn"], entity["entityValue"])
        for entity in detail["affectedEntities"]
    ]


def told_of(call):
    """Which execution a call of Publish tells of; None: none with a key."""
    text = call["parameters"]["Message"]
    name = re.search(r"^    keyguardctl show (\d\S+)", text, re.MULTILINE)
    return name and name[1]


def receipts(call):
    """The receipt handles that a call wants to be rid of for ever."""
    parameters = call["parameters"]
    if call["operation"] == "DeleteMessage":
        return [parameters["ReceiptHandle"]]
    return [entry["ReceiptHandle"] for entry in parameters["Entries"]]


def message_number(receipt):
    """As the sandbox makes them: which message it was, from 1 on."""
    account, queue, number, *_ = base64.b64decode(receipt).decode().split("/")
    return int(number)


def check_order(calls, wreck, sent):
    """Nothing was done before what has to be durable first. `sent`: the
    messages, in order, as (its id, its findings or None where it is refused).
    """
    for call in calls:
        parameters = call.get("parameters", {})
        if call["operation"] == "DeleteAccessKey":
            key = parameters["AccessKeyId"]
            assert wreck.did(
                key, "TaskSubmitted", "DeleteAccessKeyPair"
            ), f"{key} deleted without an intent"
        elif call["operation"] == "Publish":
            name = told_of(call)
            assert name is None or wreck.did(
                name, "TaskScheduled", "NotifySecurity", by="name"
            ), f"{name} told before it was durable"
        elif call["operation"] in ("DeleteMessage", "DeleteMessageBatch"):
            for receipt in receipts(call):
                check_acknowledged(
                    wreck, *sent[message_number(receipt) - 1]
                )


def check_acknowledged(wreck, message, about):
    if about is None:
        assert message in wreck.refused, f"{message} deleted, and not kept"
        return
    for finding in about:
        [run] = wreck.of(finding)
        assert run["status"] != "RUNNING", f"{message} deleted too early"
