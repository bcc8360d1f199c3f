# SPDX-License-Identifier: Apache-2.0
"""What comes out of the queue, and how it is held and given back."""

import json

import pytest

import events
from aws import key_id, user
from daemon import BUILD, WRAP

KEY = key_id(0)
MEBIBYTE = 1 << 20
CODES = [
    "AWS_RISK_CREDENTIALS_COMPROMISED",
    "AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED",
    "AWS_RISK_CREDENTIALS_EXPOSED",
    "AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED",
    "AWS_RISK_IAM_QUARANTINE",
]


def start(sandbox, daemon, *faults, **more):
    sandbox.load(users=[user("test-user", KEY)], faults=list(faults), **more)
    daemon.start()


def test_poison_beside_good_messages_does_no_harm(sandbox, daemon):
    start(sandbox, daemon)
    sandbox.send("{not json")
    sandbox.send("[" * 100_000)
    sandbox.send(json.dumps({"detail-type": "EC2 Instance", "source": "x"}))
    sandbox.send(events.seed(KEY))
    sandbox.send(
        '{"source": "aws.health", "detail": ["AWS_RISK_CREDENTIALS_EXPOSED"]}'
    )
    sandbox.wait(acknowledged=5)

    assert sandbox.key(KEY) == "Deleted"
    rejected = daemon.ctl("rejected")["rejected"]
    assert len(rejected) == 4
    assert daemon.ctl("status")["rejected"] == 4
    kept = {row["body"]: row for row in rejected}
    assert kept["{not json"]["error"] == "Finding.Malformed"
    other = [row for row in rejected if row["error"] == "Finding.OtherEvent"]
    assert len(other) == 1
    assert all(row["messageId"] and row["cause"] for row in rejected)

    # What named an exposed key but could not be read is told.
    assert sorted(s for s, _ in sandbox.published()) == sorted(
        [events.subject("test-user"), events.ERROR_SUBJECT]
    )


def test_what_is_no_key_id_is_told_beside_its_good_neighbour(sandbox, daemon):
    start(sandbox, daemon)
    sandbox.send(events.health("no key; rm -rf /", KEY, "x" * 300))
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Deleted"
    bad, good = sorted(
        daemon.list(), key=lambda run: run["outcome"], reverse=True
    )
    assert (good["outcome"], bad["outcome"]) == ("contained", "uncontained")
    [text] = [t for s, t in sandbox.published() if s == events.ERROR_SUBJECT]
    assert "Finding.BadKeyId" in text
    assert "no key; rm -rf /" in text


def test_every_code_is_an_exposed_key(sandbox, daemon):
    keys = [key_id(i) for i in range(5)]
    sandbox.load(users=[user(f"user-{key}", key) for key in keys])
    daemon.start()
    for number, (code, key) in enumerate(zip(CODES, keys)):
        sandbox.send(events.health(key, number=number, eventTypeCode=code))
    sandbox.wait(acknowledged=5)
    assert [sandbox.key(key) for key in keys] == ["Deleted"] * 5


def test_five_codes_about_one_key_are_five_mails_and_no_alarm(
    sandbox, daemon
):
    sandbox.load(users=[user("test-user", KEY)])
    for number, code in enumerate(CODES):
        sandbox.send(events.health(KEY, number=number, eventTypeCode=code))
    daemon.start()
    sandbox.wait(acknowledged=5)
    assert sandbox.counters()["deletedKeys"] == 1
    assert len(sandbox.calls("DeleteAccessKey")) == 1
    assert [subject for subject, _ in sandbox.published()] == [
        events.subject("test-user")
    ] * 5
    runs = daemon.list()
    assert [run["outcome"] for run in runs] == ["contained"] * 5
    # The others name the one that did it.
    [did] = [
        run["name"]
        for run in runs
        if not any("had been deleted" in text for _, text in told(sandbox, run))
    ]
    for run in runs:
        if run["name"] != did:
            [(_, text)] = told(sandbox, run)
            assert did in text


def told(sandbox, run):
    """The notifications by this execution."""
    line = f"Execution:      {run['name']}\n"
    return [(s, t) for s, t in sandbox.published() if line in t]


@pytest.mark.parametrize("byte", [b"\0", b" "], ids=["NULs", "blanks"])
def test_ten_messages_of_a_mebibyte_each_block_nothing(sandbox, daemon, byte):
    # NULs are six bytes each on the wire: too large, ten at a time.
    good = [json.dumps(events.health(key_id(n), number=n)) for n in range(10)]
    sandbox.load(
        users=[user("test-user", *(key_id(n) for n in range(10)))],
        queues=[{"name": "keyguard", "visibilityTimeout": 2}],
    )
    for body in good:
        sandbox.send_bytes(body.encode() + byte * (MEBIBYTE - len(body)))
    sandbox.send(events.health(key_id(0), number=99))
    daemon.start()
    sandbox.wait(acknowledged=11)
    rejected = daemon.ctl("status")["rejected"]
    if byte == b" ":
        assert rejected == 0
        assert sandbox.counters()["deletedKeys"] == 10
    else:
        assert rejected == 10
        assert sandbox.counters()["deletedKeys"] == 1
    assert daemon.ctl("status")["state"] == "running"
    assert peak_memory(daemon) < 160 * MEBIBYTE


def peak_memory(daemon):
    """In bytes; 0 where a tool has memory of its own in there."""
    if WRAP or b"__asan_init" in (BUILD / "keyguardd").read_bytes():
        return 0
    for line in open(f"/proc/{daemon.process.pid}/status", encoding="ascii"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


# ---- the queue ----


def test_a_message_stays_hidden_while_its_execution_runs(sandbox, daemon):
    # It would be visible again four times while SNS takes its time.
    start(
        sandbox,
        daemon,
        {"service": "SNS", "delayMs": 5000},
        queues=[{"name": "keyguard", "visibilityTimeout": 1}],
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert daemon.ctl("status")["queue"]["received"] == 1
    assert len(sandbox.published()) == 1
    assert sandbox.calls("ChangeMessageVisibilityBatch")


def test_no_more_is_received_while_so_many_keys_are_to_be_deleted(
    sandbox, daemon
):
    daemon.configure({"limits": {"containing": 1}})
    other = key_id(1)
    start(
        sandbox,
        daemon,
        {"operation": "DeleteAccessKey", "delayMs": 1000, "count": 1},
    )
    sandbox.load(users=[user("other-user", other)])
    sandbox.send(events.health(KEY, number=1))
    sandbox.wait(IAM__DeleteAccessKey=1)
    sandbox.send(events.health(other, number=2))
    sandbox.wait(acknowledged=2)
    assert sandbox.key(other) == "Deleted"

    # The second long poll is asked for only when the first key is gone.
    calls = [f"{c['service']}.{c['operation']}" for c in sandbox.calls()]
    first = calls.index("IAM.DeleteAccessKey")
    assert calls[:first].count("SQS.ReceiveMessage") == 1
    assert daemon.ctl("status")["queue"]["received"] == 2


def test_an_entry_that_fails_is_deleted_by_itself(sandbox, daemon):
    sandbox.load(
        faults=[
            {
                "do": "fail-entry",
                "operation": "DeleteMessageBatch",
                "entry": 1,
                "count": 1,
            }
        ]
    )
    for number in range(3):
        sandbox.send({"source": "aws.ec2", "id": number})
    daemon.start()
    sandbox.wait(acknowledged=3)
    first, second = [
        call["parameters"]["Entries"]
        for call in sandbox.calls("DeleteMessageBatch")
    ]
    assert len(first) == 3
    handle = "ReceiptHandle"
    assert [entry[handle] for entry in second] == [first[1][handle]]
    assert daemon.ctl("status")["queue"]["received"] == 3


@pytest.mark.parametrize("fault", ["wrong-md5", "duplicate", "stale-receipt"])
def test_a_queue_with_oddities_loses_nothing(sandbox, daemon, fault):
    start(
        sandbox,
        daemon,
        {"do": fault, "operation": "ReceiveMessage", "count": 1},
        queues=[{"name": "keyguard", "visibilityTimeout": 1}],
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Deleted"
    assert len(sandbox.published()) == 1
    assert len(daemon.list()) == 1
