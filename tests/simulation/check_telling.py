# SPDX-License-Identifier: Apache-2.0
"""What security has heard: of everything, once unless an answer was lost, and
nothing that is not so."""

import re

from check_table import CONTAINED, DELETE, NOTIFY, TOO_MANY, UNKNOWN_KEY

SUBJECTS = (
    ("Security Alert: Exposed IAM Key For User ", "deleted"),
    ("Security Alert: Exposed IAM Key ALIVE: ", "untouched"),
    ("Security Alert: Exposed IAM Key - Error Deleting Key", "failed"),
    ("Security Alert: TOO MANY EXPOSED IAM KEYS ", "held"),
)
VOICE = re.compile(
    r"Security Alert: keyguard on .* (Cannot Do Its Work|Works Again)"
)
EXECUTION = re.compile(r"^Execution: +(\S+)$", re.MULTILINE)
KEY = re.compile(r"the IAM access key (\S+) for user (.*?) on account")

# Where the way of the first state led, and what is to be said then.
KINDS = {
    "$.deletion": "deleted",
    "$.untouched": "untouched",
    "$.error-info": "failed",
}


class Told:
    """One Publish: which kind of message, by whom."""

    def __init__(self, call):
        self.call = call
        self.subject = call.parameter("Subject")
        self.text = call.parameter("Message")
        self.kind = next(
            (kind for text, kind in SUBJECTS if self.subject.startswith(text)),
            None,
        )
        self.execution = self.attempt = None

    def complain(self, trace, promise, what):
        short = {"Subject": self.subject, "Message": "..."}
        doc = dict(self.call.doc, parameters=short)
        trace.complain(
            promise,
            what,
            self.call.at,
            self.execution,
            [{"at": self.call.at, "call": doc}],
        )


def judge_telling(trace):
    all_told = [Told(call) for call in trace.calls_of("Publish")]
    told = [it for it in all_told if not VOICE.match(it.subject)]
    attribute(trace, told)
    by_execution = {}
    for it in told:
        if it.execution is not None:
            by_execution.setdefault(it.execution.name, []).append(it)
    for it in told:
        judge_truth(trace, it)
        judge_alarm(trace, it)
    for execution in trace.executions.values():
        if not execution.sound:
            continue
        mine = by_execution.get(execution.name, [])
        judge_double(trace, mine)
        judge_told(trace, execution, mine)
    judge_voice(trace, [it for it in all_told if VOICE.match(it.subject)])


# ---- whose message it is ----


def attribute(trace, told):
    """By the answer that its history has; or by the name in it; or, since it
    was in that state then and has sent nothing else, by chance."""
    answers = {
        attempt.end.document().get("RequestId"): (execution, attempt)
        for execution in trace.executions.values()
        for attempt in execution.attempts_in(NOTIFY)
        if attempt.end is not None and attempt.end.type == "TaskSucceeded"
    }
    taken, unnamed = set(), []
    for it in told:
        found = answers.get(it.call.doc.get("requestId"))
        if found is not None and it.call.good:
            it.execution, it.attempt = found
            taken.add(it.attempt)
        elif not by_name(trace, it) and it.call.acted:
            unnamed.append(it)
    by_time(trace, unnamed, taken)


def by_name(trace, it):
    named = EXECUTION.search(it.text)
    if named is None:
        return False
    it.execution = trace.executions.get(named[1])
    if it.execution is not None:
        it.attempt = attempt_at(it.execution, it.call.at)
    elif not trace.may_be_forgotten(trace.doc["started"]):
        it.complain(trace, "kept", f"tells of {named[1]}, which is gone")
    return True


def attempt_at(execution, at):
    return next(
        (it for it in execution.attempts_in(NOTIFY) if it.spans(at)), None
    )


def by_time(trace, told, taken):
    """Each to an attempt of its own: a matching, by augmenting paths."""
    options = {it: options_of(trace, it, taken) for it in told}
    owner = {}

    def find(it, seen):
        for attempt in options[it]:
            if attempt in seen:
                continue
            seen.add(attempt)
            if attempt not in owner or find(owner[attempt], seen):
                owner[attempt] = it
                it.execution, it.attempt = options[it][attempt], attempt
                return True
        return False

    for it in told:
        if not find(it, set()) and not may_be_lost(trace, it):
            it.complain(trace, "truth", "nobody had that to tell then")


def options_of(trace, it, taken):
    return {
        attempt: execution
        for execution in trace.executions.values()
        if may_say(execution, it)
        for attempt in execution.attempts_in(NOTIFY)
        if attempt.spans(it.call.at) and attempt not in taken
    }


def may_be_lost(trace, it):
    """Whether that it was sent may have died with the daemon."""
    return trace.may_be_forgotten(trace.doc["started"]) or any(
        trace.may_have_lost(execution, it.call.at)
        for execution in trace.executions.values()
        if may_say(execution, it)
    )


def may_say(execution, it):
    key = KEY.search(it.text)
    if key is not None and key[1] != execution.key:
        return False
    return kind_of(execution) == it.kind


def kind_of(execution):
    """What it has to tell; None if it has not come so far."""
    if execution.input.get("keyguard", {}).get("Error") == TOO_MANY:
        return "held"
    for visit in execution.visits_to(DELETE):
        if visit.left is not None:
            return KINDS.get(visit.left.path)
    return None


# ---- it is true ----


def judge_truth(trace, it):
    call, execution = it.call, it.execution
    if it.kind is None:
        it.complain(trace, "truth", f"no subject of ours: {it.subject}")
    if execution is None or not execution.sound:
        return
    if it.kind != kind_of(execution) and not execution.vague:
        it.complain(
            trace, "truth", f"says {it.kind}, it is {kind_of(execution)}"
        )
    if it.attempt is None and not trace.may_have_lost(execution, call.at):
        it.complain(trace, "truth", f"is sent outside of {NOTIFY}")
    if it.kind in ("deleted", "untouched"):
        said = KEY.search(it.text)
        owner = trace.keys.get(execution.key)
        if said is None or said.groups() != (execution.key, owner):
            it.complain(trace, "truth", "names another key or owner")
    if it.kind == "deleted" and not is_dead(trace, execution.key, call.at):
        it.complain(trace, "truth", f"{execution.key} is alive")


def deletions_of(trace, key):
    return [
        call
        for call in trace.calls_of("DeleteAccessKey")
        if call.acted and call.parameter("AccessKeyId") == key
    ]


def is_dead(trace, key, at):
    return trace.stolen.get(key, at + 1) <= at or any(
        call.arrived <= at for call in deletions_of(trace, key)
    )


def judge_alarm(trace, it):
    """Nobody is woken up for a key that we know to be dead, by our doing."""
    execution = it.execution
    if it.kind not in ("failed", "untouched") or execution is None:
        return
    if execution.key is None or it.attempt is None or execution.vague:
        return
    if not execution.sound:
        return
    since = it.attempt.since
    if not any(d.arrived <= since for d in deletions_of(trace, execution.key)):
        return
    error = error_of(execution)
    injected = execution.origin.startswith("inject:")
    if error.startswith("Finding.") or (injected and error in UNKNOWN_KEY):
        return
    knower = first_to_know(trace, execution)
    if knower is None or not knew_in_time(trace, knower[0], since):
        return
    it.complain(
        trace,
        "alarm",
        f"says {it.kind}, but {knower[1].name} has deleted the key",
    )


def error_of(execution):
    """By which it left the first state."""
    visit = execution.visits_to(DELETE)[0]
    return visit.attempts[-1].end.error or ""


def first_to_know(trace, execution):
    """When an execution knew that it had deleted that key, and which."""
    ends = [
        (attempt.end.at, other)
        for other in trace.executions.values()
        if other.key == execution.key and other is not execution
        for attempt in other.attempts_in(DELETE)
        if attempt.end is not None
        and attempt.end.type == "TaskSucceeded"
        and not other.vague
    ]
    return min(ends, key=lambda pair: pair[0], default=None)


def knew_in_time(trace, knew, at):
    """What is known is there for others once the disk has it."""
    return (
        knew < at
        and trace.disk_is_good(knew, at)
        and not trace.died_between(knew, at)
    )


# ---- everything is told, and once ----


def judge_double(trace, mine):
    for one, next_one in zip(mine, mine[1:]):
        call = one.call
        if not (call.acted and call.good):
            continue
        if trace.died_between(call.arrived, next_one.call.at):
            continue
        next_one.complain(
            trace,
            "double",
            f"told again; SNS had taken it by call {call.doc['n']}",
        )


def judge_told(trace, execution, mine):
    if execution.status == "FAILED":
        old = trace.may_be_forgotten(execution.began)
        if not old and not taken_over(trace, execution):
            complain(trace, execution, "nobody was told")
        return
    if execution.status != "SUCCEEDED":
        return
    result = execution.attempts_in(NOTIFY)[-1].end.document()
    if "ToldBy" in result:
        judge_left(trace, execution, result["ToldBy"])
    elif not any(it.call.acted for it in mine):
        complain(trace, execution, "SNS has never taken a message of it")


def taken_over(trace, execution):
    """By one that an operator has started in its place, which will tell."""
    return any(
        other.retry.get("Of") == execution.name
        and not other.retry.get("ByItself")
        for other in trace.executions.values()
        if other.retry
    )


def judge_left(trace, execution, name):
    """Left to another one: which has deleted the key, or has told, or will
    tell, of the same error. Those lead to one that did tell itself."""
    seen = {execution.name}
    while name is not None:
        if name in seen:
            complain(trace, execution, f"told by {name}, in a circle")
            return
        seen.add(name)
        other = trace.executions.get(name)
        if other is None:
            if not trace.may_be_forgotten(trace.doc["started"]):
                complain(trace, execution, f"told by {name}, not there")
            return
        name = None
        if other.status == "SUCCEEDED" and other.sound:
            end = other.attempts_in(NOTIFY)[-1].end
            name = end.document().get("ToldBy")
    retry = execution.retry or {}
    repeats = retry.get("ByItself") and retry.get("Error") == error_of(
        execution
    )
    if other.key != execution.key or not (
        repeats or other.outcome == CONTAINED
    ):
        complain(trace, execution, f"told by {other.name}, of something else")


def complain(trace, execution, what):
    last = execution.events[-1]
    trace.complain("told", what, last.at, execution, [last.doc])


# ---- it cannot work, and can again ----


def may_have_forgotten(trace, at):
    """What it had told, for it died before its disk was good again."""
    return any(
        at <= death and not trace.disk_is_good(at, min(death, at + 1000))
        for death in trace.deaths
    )


def judge_voice(trace, told):
    """What was said to be broken is said to work again."""
    taken = [it for it in told if it.call.acted]
    patience = 5 * 60 * 1000
    if not taken or trace.ended - trace.calm < patience:
        return
    if taken[-1].subject.endswith("Cannot Do Its Work"):
        if may_have_forgotten(trace, taken[-1].call.arrived):
            return
        taken[-1].complain(
            trace, "told", "it works again, and nobody was told"
        )
