# SPDX-License-Identifier: Apache-2.0
"""What must have come of it all, once nothing goes wrong any more: nothing is
lost, everything has ended in time, and the keys are dead."""

from check_table import (
    CONTAINED,
    DELETE,
    NOTIFY,
    SUMMARIZE,
    redrive_ms,
)
from check_trace import TICK_MS

MINUTE = 60 * 1000
ENDS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted"}

# The queue gives a message up that was received 1000 times, in answers that
# could be read or not. So often at least in one that could.
GIVEN_UP = 100

# How long it may be in a state, or in the queue, when nothing goes wrong.
SETTLED = 10 * MINUTE
PATIENCE = {
    DELETE: MINUTE,
    SUMMARIZE: 2 * MINUTE,
    NOTIFY: 2 * MINUTE,
    "queue": 3 * MINUTE,
    "due": 11 * MINUTE,  # a store that failed is asked every 10 minutes
}


def judge_end(trace):
    if "problem" in trace.doc:
        trace.complain("simulation", trace.doc["problem"])
    judge_queue(trace)
    judge_deletions(trace)
    judge_messages(trace)
    judge_injected(trace)
    judge_log(trace)
    judge_status(trace)
    for execution in trace.executions.values():
        if execution.sound:
            judge_over(trace, execution)
            judge_times(trace, execution)
            judge_outcome(trace, execution)
            judge_again(trace, execution)
            judge_stopped(trace, execution)
    judge_operator(trace)


# ---- nothing is left, nothing is lost ----


def judge_queue(trace):
    """None is left; and only AWS itself gives one up, after all its tries."""
    for name in trace.end["queue"]:
        trace.complain("queue", f"message {name} is left there")
    for name in trace.end["dead"]:
        if sum(name in it for it in deliveries(trace)) < GIVEN_UP:
            trace.complain("queue", f"message {name} is among the dead")


def deliveries(trace):
    return [it.doc["messages"] for it in trace.calls_of("ReceiveMessage")]


def judge_messages(trace):
    for message in trace.messages.values():
        if trace.may_be_forgotten(message.at):
            continue
        if message.id in trace.end["queue"] + trace.end["dead"]:
            continue
        for started in message.finding.started:
            execution = trace.executions.get(started.name)
            what = None
            if execution is None:
                what = "is not there"
            elif execution.key != started.key:
                what = f"is about {execution.key}"
            elif started.account != execution.account:
                what = f"is of account {execution.account}"
            elif started.error != execution.input.get("keyguard", {}).get(
                "Error"
            ):
                what = f"was to fail by {started.error}"
            if what is not None:
                trace.complain(
                    "kept",
                    f"{started.name} of message {message.id} {what}",
                    message.at,
                    execution,
                    [message.record],
                )


def judge_injected(trace):
    """Whoever injects is told the names once they are on the disk; before
    that a crash may take them."""
    for injected in trace.injected:
        for name in injected.names:
            if name in trace.executions:
                continue
            if trace.may_be_forgotten(injected.at):
                continue
            if not trace.died_between(injected.at, trace.ended):
                trace.complain(
                    "kept",
                    f"{name} was injected, and is not there",
                    injected.at,
                    evidence=[injected.record],
                )


# ---- everything has ended, in time ----


def judge_over(trace, execution):
    if execution.status == "RUNNING":
        complain(trace, execution, "ends", "it has not ended")
    elif execution.due and execution.status == "SUCCEEDED":
        complain(trace, execution, "ends", "it was to be retried")


def judge_times(trace, execution):
    """In the calm, no state takes long; nor does what is due."""
    if execution.vague:
        return
    for visit in execution.visits:
        if held(visit):
            continue
        since = max(visit.entered.at, trace.calm)
        if visit.attempts and visit.state == DELETE:
            since = max(since, visit.attempts[0].since)
        left = last_of(execution, visit)
        if left - since > PATIENCE[visit.state] and not waits(execution):
            complain(
                trace,
                execution,
                "ends",
                f"{left - since} ms in {visit.state}, and all was well",
                left,
            )
    for event, after in zip(execution.events, execution.events[1:]):
        if event.type == "ExecutionFailed" and not trace.clock_set_between(
            event.at, after.at
        ):
            judge_redrive(trace, execution, event, after)


def last_of(execution, visit):
    if visit.left is not None:
        return visit.left.at
    ends = [it.end.at for it in visit.attempts if it.end is not None]
    return max(ends, default=visit.entered.at)


def held(visit):
    return any(
        attempt.end is not None and attempt.end.error == "Response.Held"
        for attempt in visit.attempts
    )


def waits(execution):
    """It FAILED meanwhile; that has pauses of its own."""
    return any(it.type == "ExecutionFailed" for it in execution.events)


def judge_redrive(trace, execution, event, after):
    n = sum(
        it.type == "ExecutionFailed" and it.id <= event.id
        for it in execution.events
    )
    due = max(event.at + redrive_ms(n), trace.calm)
    if after.at > due + PATIENCE["due"]:
        late = after.at - due
        complain(
            trace, execution, "ends", f"redriven {late} ms too late", after.at
        )


def judge_deletions(trace):
    """A message goes soon after its executions have ended. (While deletions
    are held, those that wait behind them may keep others from coming in.)"""
    if any(
        held(visit)
        for execution in trace.executions.values()
        for visit in execution.visits_to(DELETE)
    ):
        return
    gone = {}
    for call in trace.calls_of("DeleteMessage", "DeleteMessageBatch"):
        if call.acted:
            for name in call.doc["messages"]:
                gone.setdefault(name, call.arrived)
    for message in trace.messages.values():
        runs = [
            trace.executions.get(started.name)
            for started in message.finding.started
        ]
        if None in runs or any(not it.sound or it.vague for it in runs):
            continue
        ends = [first_end_of(run, trace.ended) for run in runs]
        since = max(trace.calm, message.at, *ends)
        if gone.get(message.id, since) - since > PATIENCE["queue"]:
            trace.complain(
                "ends",
                f"message {message.id} is deleted "
                f"{gone[message.id] - since} ms after the end of its "
                "executions",
                gone[message.id],
                evidence=[message.record],
            )


def first_end_of(execution, otherwise):
    return next(
        (it.at for it in execution.events if it.type in ENDS), otherwise
    )


# ---- what has become of the key ----


def judge_outcome(trace, execution):
    dead = trace.end["keys"].get(execution.key, "Deleted") == "Deleted"
    if execution.outcome == CONTAINED and not dead:
        complain(trace, execution, "truth", f"{execution.key} is alive")
    for attempt in execution.attempts_in(DELETE):
        if attempt.end is not None and attempt.end.type == "TaskSucceeded":
            judge_deletion(trace, execution, attempt)


def judge_deletion(trace, execution, attempt):
    """Contained: by a call of ours, or since IAM has said so, or another."""
    result = attempt.end.document()
    calls = [
        call
        for call in trace.calls_of("DeleteAccessKey")
        if call.parameter("AccessKeyId") == execution.key
        and call.ended is not None
        and call.ended <= attempt.end.at + TICK_MS
    ]
    if "DeletedBy" in result:
        other = trace.executions.get(result["DeletedBy"])
        forgotten = trace.may_be_forgotten(trace.doc["started"])
        good = forgotten if other is None else other.outcome == CONTAINED
    elif result.get("AlreadyGone"):
        good = any(call.error == "NoSuchEntity" for call in calls)
    else:
        good = any(
            call.good and call.doc["requestId"] == result.get("RequestId")
            for call in calls
        )
    if not good and not execution.vague:
        complain(
            trace,
            execution,
            "truth",
            "it says that the key is gone, and nothing has said so",
            attempt.end.at,
            [attempt.end.doc],
        )


def judge_again(trace, execution):
    """What could not be deleted for a passing cause is tried again."""
    if execution.status != "SUCCEEDED" or not execution.again:
        return
    tried = any(
        (other.retry or {}).get("Of") == execution.name
        for other in trace.executions.values()
    )
    if not tried and not trace.may_be_forgotten(execution.began):
        complain(
            trace,
            execution,
            "contain",
            f"{execution.key} may be alive, and is not tried again",
        )


# ---- what the operator has done ----


def judge_operator(trace):
    for record in trace.operations:
        doc = record["operator"]
        execution = trace.executions.get(doc.get("execution"))
        if not doc["ok"] or execution is None:
            continue
        at = record["at"]
        if trace.died_between(at, trace.ended) or not execution.sound:
            continue
        if execution.ended is not None and execution.ended < at:
            continue  # it came again, and the disk had not said so yet
        if doc["verb"] == "stop" and execution.status != "ABORTED":
            complain(trace, execution, "operator", "was stopped", at, [record])
        elif doc["verb"] == "redrive" and not any(
            it.type == "ExecutionRedriven" and it.at >= at - TICK_MS
            for it in execution.events
        ):
            complain(
                trace, execution, "operator", "was redriven", at, [record]
            )


def judge_stopped(trace, execution):
    if execution.status == "ABORTED" and not any(
        record["operator"]["verb"] in ("stop", "retry")
        and record["operator"]["ok"]
        and record["operator"]["execution"] == execution.name
        for record in trace.operations
    ):
        complain(trace, execution, "operator", "nobody has stopped it")


# ---- how the daemon is ----


def judge_status(trace):
    status = trace.end["status"]
    if status["state"] != "running" and trace.ended - trace.calm > SETTLED:
        trace.complain(
            "ends",
            f"the daemon is {status['state']}: {status.get('reasons')}",
            trace.ended,
        )


def judge_log(trace):
    """What lasts, or comes again and again, does not fill the journal."""
    minutes = (trace.ended - trace.doc["started"]) / MINUTE
    lives = len(trace.starts)
    delivered = sum(
        1 + 2 * len(trace.messages[name].finding.started)
        for names in deliveries(trace)
        for name in names
    )
    most = 50 * (len(trace.executions) + lives) + 10 * minutes + delivered
    if trace.end["log_lines"] > most:
        trace.complain(
            "log", f"{trace.end['log_lines']} lines, at most {most:.0f}"
        )


def complain(trace, execution, promise, what, at=None, evidence=()):
    last = execution.events[-1]
    trace.complain(
        promise, what, at or last.at, execution, evidence or [last.doc]
    )
