# SPDX-License-Identifier: Apache-2.0
"""What happens when a service is slow, wrong, refuses or hangs up."""

import pytest

import events
from aws import key_id, user

KEY = key_id(0)


def start(sandbox, daemon, *faults, **more):
    sandbox.load(users=[user("test-user", KEY)], faults=list(faults), **more)
    daemon.start()


def run_of(daemon):
    [run] = daemon.list()
    return daemon.show(run["name"])


def errors_in(shown):
    """The errors of the tasks, in order."""
    return [
        event["taskFailedEventDetails"]["error"]
        for event in shown["events"]
        if event["type"] == "TaskFailed"
    ]


def test_a_throttled_cloudtrail_is_waited_for(sandbox, daemon):
    start(
        sandbox,
        daemon,
        {"do": "throttle", "service": "CloudTrail", "count": 2},
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    [(_, text)] = sandbox.published()
    assert text.startswith(events.text(KEY, "test-user"))
    assert "MISSING" not in text
    shown = run_of(daemon)
    assert errors_in(shown) == ["CloudTrail.ThrottlingException"] * 2
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "contained")


def test_a_summary_that_is_refused_holds_up_no_message(sandbox, daemon):
    start(
        sandbox,
        daemon,
        {
            "do": "error",
            "service": "CloudTrail",
            "code": "AccessDeniedException",
            "status": 400,
        },
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    [(subject, text)] = sandbox.published()
    assert subject == events.subject("test-user")
    sample = events.text(KEY, "test-user")
    assert text.startswith(sample)
    assert "MISSING" in text[len(sample) :]
    assert "CloudTrail.AccessDeniedException" in text[len(sample) :]
    shown = run_of(daemon)
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "contained")


def test_an_sns_that_fails_and_recovers_still_gets_the_message(
    sandbox, daemon
):
    start(
        sandbox,
        daemon,
        {
            "do": "error",
            "service": "SNS",
            "code": "InternalError",
            "status": 500,
            "count": 2,
        },
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert len(sandbox.published()) == 1
    shown = run_of(daemon)
    assert errors_in(shown) == ["SNS.InternalError"] * 2
    assert shown["status"] == "SUCCEEDED"


def test_an_sns_that_refuses_for_good_leaves_a_failed_execution(
    sandbox, daemon
):
    start(
        sandbox,
        daemon,
        {
            "do": "error",
            "service": "SNS",
            "code": "AuthorizationError",
            "status": 403,
        },
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)

    assert sandbox.key(KEY) == "Deleted"
    assert sandbox.published() == []
    shown = run_of(daemon)
    assert (shown["status"], shown["outcome"]) == ("FAILED", "contained")
    assert shown["error"] == "SNS.AuthorizationError"
    [run] = daemon.list("--status", "FAILED")
    assert run["name"] == shown["name"]
    status = daemon.ctl("status", status=1)
    assert status["executions"]["failed"] == 1
    assert status["state"] == "degraded"
    daemon.wait_for("STATUS=degraded")

    # It is kept.
    daemon.kill()
    daemon.start()
    assert daemon.show(shown["name"]) == shown


@pytest.mark.parametrize("end", ["close", "reset"])
def test_an_iam_that_deletes_and_hangs_up_has_deleted(sandbox, daemon, end):
    start(
        sandbox,
        daemon,
        {"do": end, "operation": "DeleteAccessKey", "act": True, "count": 1},
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Deleted"
    assert sandbox.counters()["deletedKeys"] == 1
    [(subject, text)] = sandbox.published()
    assert subject == events.subject("test-user")
    assert text.startswith(events.text(KEY, "test-user"))
    shown = run_of(daemon)
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "contained")


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "throttle"},
        {"do": "error", "code": "ServiceFailure", "status": 500},
        {"do": "html"},
        {"do": "malformed"},
        {"do": "close"},
        {"do": "reset", "bytes": 40},
    ],
    ids=lambda fault: fault["do"],
)
@pytest.mark.parametrize(
    "operation", ["GetAccessKeyLastUsed", "DeleteAccessKey"]
)
def test_whatever_iam_does_once_the_key_dies(
    sandbox, daemon, operation, fault
):
    start(sandbox, daemon, {**fault, "operation": operation, "count": 1})
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Deleted"
    assert sandbox.counters()["deletedKeys"] == 1
    shown = run_of(daemon)
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "contained")


def test_an_iam_that_denies_is_told_with_its_words(sandbox, daemon):
    start(
        sandbox,
        daemon,
        {
            "do": "error",
            "operation": "DeleteAccessKey",
            "code": "AccessDenied",
            "status": 403,
            "message": "not authorized to perform it",
        },
    )
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Active"
    [(subject, text)] = sandbox.published()
    assert subject == events.ERROR_SUBJECT
    assert text.startswith(events.ERROR_TEXT)
    for fact in (
        KEY,
        "test-user",
        "DeleteAccessKeyPair",
        "IAM.AccessDenied",
        "not authorized to perform it",
        "aws iam delete-access-key",
    ):
        assert fact in text
    shown = run_of(daemon)
    assert (shown["status"], shown["outcome"]) == ("SUCCEEDED", "uncontained")
