# SPDX-License-Identifier: Apache-2.0
"""Traces that break a promise about what is recorded, told, and left in the
end: the name of each begins with the promise."""

from check_examples import failing, retried, well
from check_story import KEY, Story, finding
from check_table import DELETE, NOTIFY


def kept_by_the_disk():
    story = well()[0]
    story.records[-1]["call"]["durable"]["executions"].append(
        {"name": "gone", "status": "RUNNING"}
    )
    return story.end()


def kept_when_it_was_injected():
    story = well()[0]
    injected = {"body": finding(), "executions": ["a-name"]}
    story.record("injected", injected)
    return story.end()


def kept_when_it_was_received():
    story = well()[0]
    story.record("sent", {"message": "m2", "body": finding(number=2)})
    return story.end()


def history_without_an_event():
    story, run = well()
    del run.events[3]
    return story.end()


def history_that_goes_back_in_time():
    story, run = well()
    run.events[5]["at"] -= 100
    return story.end()


def history_that_ends_twice():
    story, run = well()
    run.event("ExecutionSucceeded")
    return story.end()


def history_that_says_restarted_without_one():
    story = Story()
    run = story.receive()
    run.fail("Daemon.Restarted", 0)
    run.go_well()
    return story.end()


def retries_that_are_given_up():
    story = Story()
    run = story.receive()
    run.fail("IAM.ServiceFailure", 500)
    run.fail("IAM.ServiceFailure")
    run.leave("$.error-info", NOTIFY, "uncontained")
    run.tell("failed")
    retry = retried(story, run)
    retry.go_well()
    return story.end()


def retries_with_a_restart_among_them():
    """The ninth failure is caught; the restart is none of them."""
    story = Story()
    run = story.receive()
    for i in range(8):
        if i == 4:
            story.crash()
            run.fail("Daemon.Restarted", 0)
        run.fail("Http.Reset", 900 if i < 7 else None)
    run.leave("$.error-info", NOTIFY, "uncontained")
    run.tell("failed")
    retry = retried(story, run)
    retry.go_well()
    return story.end()


def retries_after_too_long():
    story = Story()
    run = story.receive()
    run.fail("IAM.Throttling", 1200)
    run.go_well()
    return story.end()


def turns_of_two_at_once():
    story = Story()
    one = story.receive()
    two = story.receive("m2", finding(number=2))
    for run in (one, two):
        run.go_well()
    return story.end()


def alarm_for_a_dead_key():
    story = well()[0]
    run = story.receive("m2", finding(number=2))
    run.look_up(status=403, error="AccessDenied", acted=False)
    run.fail("IAM.AccessDenied")
    run.leave("$.error-info", NOTIFY, "uncontained")
    run.tell("failed")
    return story.end()


def truth_of_a_message():
    story, _ = well()
    for record in story.records:
        call = record.get("call", {})
        if call.get("operation") == "Publish":
            text = call["parameters"]["Message"]
            call["parameters"]["Message"] = text.replace("alice", "bob")
    return story.end()


def truth_of_an_outcome():
    story = well()[0]
    story.doc["end"]["keys"][KEY] = "Active"
    return story.end()


def told_by_nobody():
    story = Story()
    run = story.receive()
    run.contain()
    run.summarize()
    run.succeed(MessageId="m", RequestId="r")
    run.end()
    return story.end()


def told_of_what_failed():
    story = Story()
    run = story.receive()
    run.contain()
    run.summarize()
    run.publish(status=404, error="NotFound", acted=False)
    run.fail("SNS.NotFound")
    run.stop("ExecutionFailed", error="SNS.NotFound")
    return story.end()


def double_without_need():
    story = Story()
    run = story.receive()
    run.contain()
    run.summarize()
    run.publish()
    run.fail("Http.Reset", 1000)
    run.tell()
    return story.end()


def ends_never():
    story = Story()
    run = story.receive()
    run.contain()
    return story.end(3_600_000)


def ends_late():
    story = Story()
    run = story.receive()
    doc = story.end()
    story.pass_ms(120_000)
    run.go_well()
    doc["ended"] = story.now + 1000
    return doc


def contain_what_passed():
    story = Story()
    failing(story)
    return story.end()


def queue_is_empty():
    story = well()[0]
    story.doc["end"]["queue"].append("m2")
    return story.end()


def operator_has_not_stopped_it():
    story = Story()
    run = story.receive()
    run.event("TaskStateAborted", DELETE, error="Daemon.Stopped")
    run.stop("ExecutionAborted", error="Daemon.Stopped")
    run.doc["outcome"] = "uncontained"
    return story.end()


def log_without_bound():
    story = well()[0]
    story.doc["end"]["log_lines"] = 5000
    return story.end()


def simulation_that_stopped():
    doc = well()[0].end()
    doc["problem"] = "a call without an answer"
    return doc
