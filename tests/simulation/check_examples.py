# SPDX-License-Identifier: Apache-2.0
"""Traces of which nothing is to be said, and traces that break a promise about
what is done: the name of each begins with the promise."""

from check_finding import name_after
from check_story import KEY, Story, finding
from check_table import NOTIFY, SUMMARIZE

SECOND = "AKIASECONDSECONDSECO"


def well(story=None, message="m1", body=None):
    """All is well, up to the acknowledgement."""
    story = Story() if story is None else story
    run = story.receive(message, body)
    run.go_well()
    story.acknowledge(message)
    return story, run


def lost(story):
    """What is said of a call whose answer does not come."""
    return {"answered": False, "ended": story.now + 20}


# ---- all is well ----


def good_all_is_well():
    return well()[0].end()


def good_an_answer_is_lost_and_it_is_told_twice():
    story = Story()
    run = story.receive()
    run.contain()
    run.summarize()
    run.publish(**lost(story))
    run.fail("Http.Reset", 1000)
    run.tell()
    return story.end()


def good_a_deletion_is_done_again_after_a_crash():
    story = Story()
    run = story.receive()
    run.look_up()
    run.intend()
    run.delete(**lost(story))
    story.crash()
    run.fail("Daemon.Restarted", 0)
    run.delete(status=404, error="NoSuchEntity", acted=False)
    run.look_up(status=403, error="AccessDenied", acted=False)
    story.doc["end"]["keys"][KEY] = "Deleted"
    run.succeed(AlreadyGone=True)
    run.leave("$.deletion", SUMMARIZE, "contained")
    run.summarize()
    run.tell()
    story.acknowledge("m1")
    return story.end()


def failing(story):
    """IAM fails for as long as it is tried, and that is told."""
    run = story.receive()
    for pause in [500] * 8 + [None]:
        run.look_up(status=500, error="ServiceFailure", acted=False)
        run.fail("IAM.ServiceFailure", pause)
    run.leave("$.error-info", NOTIFY, "uncontained")
    run.tell("failed")
    return run


def retried(story, run):
    """By itself, five minutes later."""
    story.pass_ms(300_000)
    body = finding()
    name = run.doc["name"]
    body["keyguard"] = {"Retry": {"Of": name, "ByItself": True}}
    again = type(run)(story, name_after(name), "retry:automatic", KEY, body)
    again.doc["retries"] = 1
    return again


def good_what_passes_is_tried_again():
    story = Story()
    again = retried(story, failing(story))
    again.go_well()
    return story.end()


# ---- each promise, broken ----


def intent_that_is_not_on_the_disk():
    story = Story()
    run = story.receive()
    run.look_up()
    run.intend()
    call = run.delete(intents=[])
    run.succeed(RequestId=call["requestId"])
    run.leave("$.deletion", SUMMARIZE, "contained")
    story.doc["end"]["keys"][KEY] = "Deleted"
    run.summarize()
    run.tell()
    return story.end()


def intent_of_another_user():
    story, run = well()
    doc = story.end()
    run.intent["intent"] = run.intent["intent"].replace("alice", "bob")
    return doc


def look_up_after_a_lost_answer():
    story = Story()
    run = story.receive()
    run.look_up()
    run.intend()
    run.delete(**lost(story))
    run.fail("Http.Reset", 800)
    run.go_well()
    return story.end()


def named_by_no_event():
    story = Story()
    run = story.receive()
    run.look_up(key=SECOND)
    run.go_well()
    return story.end()


def protected_user():
    return well(Story(protected_users=["ALI*"]))[0].end()


def protected_key():
    return well(Story(protected_keys=[KEY]))[0].end()


def protected_by_notify_only():
    return well(Story(action="notify-only"))[0].end()


def protected_since_it_is_our_own():
    story = well()[0]
    story.doc["own_key"] = KEY
    return story.end()


def protected_since_it_is_foreign():
    story = Story()
    story.call("STS", "GetCallerIdentity", {})
    story.pass_ms(1000)
    body = finding()
    body["detail"]["affectedAccount"] = "999999999999"
    run = story.receive(body=body)
    run.doc["account"] = "999999999999"
    run.go_well()
    return story.end()


def limit_of_one_in_a_window():
    story = well(Story(max_per_window=1))[0]
    return well(story, "m2", finding(SECOND))[0].end()


def acknowledge_early():
    story = Story()
    run = story.receive()
    run.contain()
    run.summarize()
    story.acknowledge("m1")
    run.tell()
    return story.end()


def acknowledge_what_was_refused_and_not_kept():
    story = well()[0]
    story.record("sent", {"message": "m2", "text": "hello"})
    story.acknowledge("m2")
    return story.end()


def once_and_no_more():
    story, run = well()
    other = type(run)(story, f"{run.doc['name']}x", "sqs:m1", KEY, finding())
    other.look_up(status=403, error="AccessDenied", acted=False)
    other.succeed(DeletedBy=run.doc["name"])
    other.leave("$.deletion", SUMMARIZE, "contained")
    other.summarize()
    other.tell()
    return story.end()


def once_by_itself_and_not_before_it_is_due():
    story = Story()
    run = failing(story)
    story.pass_ms(-200_000)
    again = retried(story, run)
    again.go_well()
    return story.end()
