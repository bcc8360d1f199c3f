# SPDX-License-Identifier: Apache-2.0
"""Why there is an execution at all, and that those of a key take turns."""

from check_finding import name_after
from check_table import CONTAINED, DELETE, TOO_MANY, redrive_ms
from check_trace import TICK_MS


def judge_executions(trace):
    for execution in trace.executions.values():
        judge_cause(trace, execution)
    judge_turns(trace)


# ---- where each comes from ----


def judge_cause(trace, execution):
    way, _, rest = execution.origin.partition(":")
    judge = {
        "sqs": caused_by_message,
        "inject": caused_by_hand,
        "retry": caused_by_retry,
        "breaker": caused_by_trip,
    }.get(way)
    why = judge(trace, execution, rest) if judge else "of no origin"
    if why is not None:
        trace.complain(
            "once",
            f"nothing has started it: {why}",
            execution.events[0].at if execution.events else None,
            execution,
            [event.doc for event in execution.events[:1]],
        )


def caused_by_message(trace, execution, message_id):
    message = trace.messages.get(message_id)
    if message is None:
        return "there was no such message"
    names = {started.name for started in message.finding.started}
    return None if execution.name in names else "its message is another's"


def caused_by_hand(trace, execution, _):
    names = {name for it in trace.injected for name in it.names}
    return None if execution.name in names else "it was not injected"


def caused_by_trip(trace, execution, _):
    trip = execution.input.get("keyguard", {})
    return None if trip.get("Error") == TOO_MANY else "nothing has tripped"


def caused_by_retry(trace, execution, by):
    retry = execution.retry or {}
    before = trace.executions.get(retry.get("Of"))
    if before is None:
        old = trace.may_be_forgotten(trace.doc["started"])
        return None if old else f"{retry.get('Of')} is not there"
    if before.outcome == CONTAINED:
        return f"{before.name} has contained its key"
    if by == "automatic":
        return retried_by_itself(trace, execution, before)
    if any(
        record["operator"].get("execution") == before.name
        and record["operator"]["verb"] == "retry"
        and record["operator"]["ok"]
        for record in trace.operations
    ):
        return None
    return "nobody has asked for it"


def retried_by_itself(trace, execution, before):
    if execution.name != name_after(before.name):
        return f"it is not called {name_after(before.name)}"
    if not before.sound:
        return None
    if not before.again:
        return f"{before.name} has not failed by what passes"
    if before.retries + 1 != execution.retries:
        return f"it is number {execution.retries}"
    end = first_end(before)
    failed = end.type == "ExecutionFailed"  # then it goes ahead of telling
    due = end.at + redrive_ms(1 if failed else before.retries + 1)
    vague = (
        execution.vague
        or before.vague
        or trace.clock_set_between(end.at, execution.began)
    )
    if execution.began < due - TICK_MS and not vague:
        return f"{due - execution.began} ms before it was due"
    return None


def first_end(execution):
    ends = ("ExecutionSucceeded", "ExecutionFailed")
    return next(it for it in execution.events if it.type in ends)


# ---- one after the other ----


def judge_turns(trace):
    """Executions of one key are in DeleteAccessKeyPair one after the other."""
    lanes = {}
    for execution in trace.executions.values():
        if execution.key is None or execution.vague or not execution.sound:
            continue
        lane = lanes.setdefault((execution.account, execution.key), [])
        for visit in execution.visits_to(DELETE):
            if visit.attempts:
                until = visit.left.at if visit.left else trace.ended
                lane.append((visit.attempts[0].since, until, execution))
    for lane in lanes.values():
        lane.sort(key=lambda stay: stay[:2])
        for (_, until, one), (since, _, other) in zip(lane, lane[1:]):
            if since < until - TICK_MS:
                trace.complain(
                    "turns",
                    f"is in {DELETE} while {one.name} is",
                    since,
                    other,
                )
