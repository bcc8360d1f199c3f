# SPDX-License-Identifier: Apache-2.0
"""From the event to the dead key and the message, when all goes well."""

import json

import pytest

import events
from aws import key_id, user


def trail(name, action, times, **resource):
    """So many CloudTrail events of a user."""
    event = {"Username": name, "EventName": action, "ageSeconds": 3600}
    if resource:
        event["Resources"] = [
            {"ResourceName": resource["of"], "ResourceType": resource["type"]}
        ]
    return [event] * times


def start_with(sandbox, daemon, *names, **more):
    """Starts with users of one key each; returns the keys."""
    keys = [key_id(i) for i, _ in enumerate(names)]
    sandbox.load(users=[user(n, k) for n, k in zip(names, keys)], **more)
    daemon.start()
    return keys


def test_the_seeds_own_event_kills_the_key_and_tells_security(sandbox, daemon):
    role = "AWS::IAM::Role"
    [key] = start_with(
        sandbox,
        daemon,
        "test-user",
        events=trail("test-user", "PutRolePolicy", 3, of="admin", type=role)
        + trail("test-user", "CreateRole", 2, of="other", type=role)
        + trail("test-user", "ListUsers", 1)
        + trail("somebody-else", "DeleteUser", 9),
    )
    sandbox.send(events.seed(key))
    sandbox.wait(acknowledged=1)

    assert sandbox.key(key) == "Deleted"
    [(subject, text)] = sandbox.published()
    assert subject == events.subject("test-user")
    sample = events.text(
        key,
        "test-user",
        "\tPutRolePolicy: 3\n\tCreateRole: 2\n\tListUsers: 1",
        "\tadmin: 3\n\tother: 2",
        f"\t{role}: 5",
    )
    assert text.startswith(sample)
    details = text[len(sample) :]
    [run] = daemon.list()
    for fact in (key, "test-user", events.ACCOUNT, run["name"], "36 hours"):
        assert fact in details
    assert run["status"] == "SUCCEEDED"
    assert run["outcome"] == "contained"
    assert run["accessKeyId"] == key
    assert run["userName"] == "test-user"


def test_the_history_says_by_which_ids_aws_knows_it(sandbox, daemon):
    [key] = start_with(sandbox, daemon, "test-user")
    sent = sandbox.send(events.seed(key))
    sandbox.wait(acknowledged=1)

    shown = daemon.show(daemon.list()[0]["name"])
    origin = shown["events"][0]["executionStartedEventDetails"]["origin"]
    assert origin == "sqs:" + sent["messageId"]
    made = json.loads(shown["output"])
    for operation, told in (
        ("GetAccessKeyLastUsed", made["deletion"]["LookUpRequestId"]),
        ("DeleteAccessKey", made["deletion"]["RequestId"]),
        ("LookupEvents", made["summary"]["RequestId"]),
        ("Publish", made["notification"]["RequestId"]),
    ):
        [call] = sandbox.calls(operation)
        assert told == call["requestId"]


def test_the_history_is_that_of_step_functions(sandbox, daemon):
    [key] = start_with(sandbox, daemon, "test-user")
    sandbox.send(events.seed(key))
    sandbox.wait(acknowledged=1)

    [run] = daemon.list()
    shown = daemon.show(run["name"])
    steps = [
        (e["type"], e.get("stateEnteredEventDetails", {}).get("name"))
        for e in shown["events"]
    ]
    task = [("TaskScheduled", None), ("TaskStarted", None)]
    done = [("TaskSucceeded", None), ("TaskStateExited", None)]
    assert steps == [
        ("ExecutionStarted", None),
        ("TaskStateEntered", "DeleteAccessKeyPair"),
        *task,
        ("TaskSubmitted", None),
        *done,
        ("TaskStateEntered", "LookupCloudTrailEvents"),
        *task,
        *done,
        ("TaskStateEntered", "NotifySecurity"),
        *task,
        *done,
        ("ExecutionSucceeded", None),
    ]
    ids = [event["id"] for event in shown["events"]]
    assert ids == list(range(1, len(ids) + 1))
    output = json.loads(shown["output"])
    assert {"deletion", "summary", "notification"} <= output.keys()
    given = json.loads(shown["input"])
    assert given["detail"]["affectedEntities"] == [{"entityValue": key}]


def test_inject_does_the_same_and_the_second_time_tells_of_the_error(
    sandbox, daemon
):
    [key] = start_with(sandbox, daemon, "test-user")
    [run] = daemon.inject(events.seed(key), "--wait")
    assert (run["status"], run["outcome"]) == ("SUCCEEDED", "contained")
    assert sandbox.key(key) == "Deleted"

    [again] = daemon.inject(events.seed(key), "--wait", status=1)
    assert (again["status"], again["outcome"]) == ("SUCCEEDED", "uncontained")
    assert again["name"] != run["name"]
    (_, first), (subject, second) = sandbox.published()
    assert first.startswith(events.text(key, "test-user"))
    assert subject == events.ERROR_SUBJECT
    assert second.startswith(events.ERROR_TEXT)
    assert key in second[len(events.ERROR_TEXT) :]


def test_five_keys_of_one_event_all_die(sandbox, daemon):
    names = [f"user-{i}" for i in range(5)]
    keys = start_with(sandbox, daemon, *names)
    sandbox.send(events.health(*keys))
    sandbox.wait(acknowledged=1)

    assert [sandbox.key(key) for key in keys] == ["Deleted"] * 5
    subjects = sorted(subject for subject, _ in sandbox.published())
    assert subjects == [events.subject(name) for name in names]
    runs = daemon.list()
    assert sorted(run["accessKeyId"] for run in runs) == keys
    assert {run["outcome"] for run in runs} == {"contained"}


@pytest.mark.parametrize("name", ["u" * 64, "ж" * 64], ids=["ascii", "utf-8"])
def test_a_user_name_of_64_characters_fits_the_subject(sandbox, daemon, name):
    [key] = start_with(sandbox, daemon, name)
    sandbox.send(events.seed(key))
    sandbox.wait(acknowledged=1)

    assert sandbox.key(key) == "Deleted"
    [(subject, text)] = sandbox.published()
    assert subject == events.subject(name[:31] + "...")
    assert len(subject) < 100
    assert text.startswith(events.text(key, name))


def test_names_outside_ascii_arrive_as_they_are(sandbox, daemon):
    name = "jürgen@東京.example"
    [key] = start_with(
        sandbox,
        daemon,
        name,
        events=trail(name, "GetObject", 1, of="бакет", type="AWS::S3::Object"),
    )
    sandbox.send(events.seed(key))
    sandbox.wait(acknowledged=1)

    assert sandbox.key(key) == "Deleted"
    [(subject, text)] = sandbox.published()
    assert subject == events.subject(name)
    assert text.startswith(
        events.text(
            key, name, "\tGetObject: 1", "\tбакет: 1", "\tAWS::S3::Object: 1"
        )
    )
    assert daemon.list()[0]["userName"] == name


def test_the_envelope_of_sns_is_taken_off(sandbox, daemon):
    [key] = start_with(sandbox, daemon, "test-user")
    sandbox.send({"Type": "Notification", "Message": events.seed(key)})
    sandbox.wait(acknowledged=1)
    assert sandbox.key(key) == "Deleted"
    assert [run["accessKeyId"] for run in daemon.list()] == [key]


def test_the_same_finding_sent_three_times_is_handled_once(sandbox, daemon):
    [key] = start_with(sandbox, daemon, "test-user")
    for _ in range(3):
        sandbox.send(events.seed(key))
    sandbox.wait(acknowledged=3)
    assert len(sandbox.published()) == 1
    assert len(sandbox.calls("DeleteAccessKey")) == 1
    assert len(daemon.list()) == 1


def test_the_same_message_delivered_three_times_is_handled_once(
    sandbox, daemon
):
    # It stays visible, so that each of the first polls brings it again; the
    # third is asked for a second later.
    [key] = start_with(
        sandbox,
        daemon,
        "test-user",
        faults=[
            {"do": "redeliver", "operation": "ReceiveMessage", "count": 2},
            {"operation": "Publish", "delayMs": 2000},
        ],
    )
    sandbox.send(events.seed(key))
    sandbox.wait(acknowledged=1)
    assert daemon.ctl("status")["queue"]["received"] == 3
    assert len(sandbox.published()) == 1
    assert len(sandbox.calls("DeleteAccessKey")) == 1
    assert len(daemon.list()) == 1


def test_another_finding_about_a_dead_key_says_who_deleted_it(sandbox, daemon):
    [key] = start_with(sandbox, daemon, "test-user")
    sandbox.send(events.health(key, number=1))
    sandbox.wait(acknowledged=1)
    sandbox.send(events.health(key, number=2))
    sandbox.wait(acknowledged=2)
    second, first = daemon.list()
    assert second["outcome"] == "contained"
    _, (subject, text) = sandbox.published()
    assert subject == events.subject("test-user")
    assert f"by execution {first['name']}" in text


def test_without_details_the_message_is_the_samples_alone(sandbox, daemon):
    daemon.configure({"notify": {"details": "no"}})
    [key] = start_with(sandbox, daemon, "test-user")
    daemon.inject(events.seed(key), "--wait")
    daemon.inject(events.seed(key), "--wait", status=1)
    assert sandbox.published() == [
        (events.subject("test-user"), events.text(key, "test-user")),
        (events.ERROR_SUBJECT, events.ERROR_TEXT),
    ]
