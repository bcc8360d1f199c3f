# SPDX-License-Identifier: Apache-2.0
"""Calls that cannot be undone: may they have been made? Deletions of keys and
of messages, and the look-ups that go before."""

import json

from check_table import CONTAINED, DELETE, ENDED, TOO_MANY
from check_trace import TICK_MS


def judge_calls(trace):
    for call in trace.calls_of("GetAccessKeyLastUsed"):
        judge_look_up(trace, call)
    for call in trace.calls_of("DeleteAccessKey"):
        judge_deletion(trace, call)
    judge_limit(trace)
    known = {}
    for call in trace.calls_of("DeleteMessage", "DeleteMessageBatch"):
        judge_acknowledgement(trace, call)
        judge_kept(trace, call, known)


def deleting(trace, call):
    """Executions whose attempt to delete that key was under way, and it; None,
    if that may have been lost in a crash."""
    key = call.parameter("AccessKeyId")
    found = []
    for execution in trace.executions.values():
        if execution.key != key:
            continue
        visits = execution.visits_to(DELETE)
        attempts = [
            (execution, visit, attempt)
            for visit in visits
            for attempt in visit.attempts
            if attempt.spans(call.at)
        ]
        found += attempts
        if not attempts and trace.may_have_lost(execution, call.at):
            found += [
                (execution, visit, None)
                for visit in visits
                if visit.spans(call.at)
                or execution.vague
                or not execution.sound
            ]
    return found


# ---- the owner is looked up once ----


def judge_look_up(trace, call):
    judge_named(trace, call)
    under_way = deleting(trace, call)
    for execution, visit, attempt in under_way:
        intents = [it for it in visit.intents if it.at < call.at - TICK_MS]
        if (
            attempt is None
            or execution.vague
            or not intents
            or may_look_again(trace, call, attempt, intents[0])
        ):
            return
    if under_way:
        execution, _, attempt = under_way[0]
        trace.complain(
            "look-up",
            "looks up whose key it is, when its intent says so already and "
            "IAM has not said that the key is gone",
            call.at,
            execution,
            [attempt.scheduled.doc, call.record],
        )


def may_look_again(trace, call, attempt, intent):
    """IAM has said that there is no such key; or a rule has come since."""
    key = call.parameter("AccessKeyId")
    gone = any(
        deletion.error == "NoSuchEntity"
        and deletion.parameter("AccessKeyId") == key
        and attempt.spans(deletion.at)
        and deletion.ended is not None
        and deletion.ended <= call.at
        for deletion in trace.calls_of("DeleteAccessKey")
    )
    owner = intent.document().get("UserName", "")
    since = attempt.since - TICK_MS
    return gone or bool(trace.spares_between(since, call.at, key, owner))


def judge_named(trace, call):
    key = call.parameter("AccessKeyId")
    named = any(
        source.at <= call.at and key in source.finding.keys
        for sources in (trace.messages.values(), trace.injected)
        for source in sources
    )
    if not named:
        trace.complain(
            "named",
            f"{call.operation} for {key}, which no event has named",
            call.at,
            evidence=[call.record],
        )


# ---- no key is deleted but ... ----


def judge_deletion(trace, call):
    judge_named(trace, call)
    judge_intent(trace, call)
    judge_protected(trace, call)
    judge_foreign(trace, call)


def judge_intent(trace, call):
    key, user = call.parameter("AccessKeyId"), call.parameter("UserName")
    meant = {
        intent["execution"]
        for intent in call.doc.get("intents", [])
        if intent["key"] == key
        and json.loads(intent["intent"]).get("UserName") == user
    }
    under_way = {it.name for it, _, _ in deleting(trace, call)}
    if not meant:
        trace.complain(
            "intent",
            f"{key} of {user or 'nobody'} is deleted, and the disk has no "
            "intent of it",
            call.at,
            evidence=[call.record],
        )
    elif not meant & under_way and meant <= set(trace.executions):
        trace.complain(
            "intent",
            f"{key} is deleted by none of those whose intents there are, "
            f"{', '.join(sorted(meant))}",
            call.at,
            evidence=[call.record],
        )


def judge_protected(trace, call):
    key, user = call.parameter("AccessKeyId"), call.parameter("UserName")
    why = trace.spared_at(call.at, key, user)
    if key in (trace.doc["own_key"], trace.doc.get("root_key")):
        why = "its being ours, or the root user's"
    elif user == "":
        why = "its having no user"
    if why is not None:
        trace.complain(
            "protected",
            f"{key} of {user or 'nobody'} is deleted in spite of {why}",
            call.at,
            evidence=[trace.config_at(call.at), call.record],
        )


def judge_foreign(trace, call):
    """A key of another account is, once we know who we are."""
    under_way = deleting(trace, call)
    for execution, visit, attempt in under_way:
        affected = execution.input.get("detail", {}).get("affectedAccount")
        if attempt is None or affected in (None, "", trace.doc["account"]):
            return
        owned = any(it.at <= attempt.since for it in visit.intents)
        if owned or not knows_itself(trace, attempt.since):
            return
    if under_way:
        trace.complain(
            "protected",
            f"{call.parameter('AccessKeyId')} is said to be of another "
            "account, and is deleted",
            call.at,
            under_way[0][0],
            [call.record],
        )


def knows_itself(trace, at):
    born = max((it for it in trace.starts if it <= at), default=0)
    return any(
        call.good and born <= call.at and call.ended < at - TICK_MS
        for call in trace.calls_of("GetCallerIdentity")
    )


# ---- and not too many of them ----


def judge_limit(trace):
    """Counts first intents, within the window as it was, since the last time
    that deletions were allowed to go on."""
    counted = sorted(
        visit.intents[0].at
        for execution in trace.executions.values()
        if "Intent" not in (execution.retry or {}) and not execution.vague
        for visit in execution.visits_to(DELETE)
        if visit.intents
    )
    if len(counted) <= min(it["max_per_window"] for _, it in trace.configs):
        return
    resumed = resumes(trace)
    for i, at in enumerate(counted):
        most = trace.config_at(at)["max_per_window"]
        since = at - narrowest(trace, at) + TICK_MS
        past = {it: n for it, n in resumed.items() if it <= at}
        since = max(since, *past, 0)
        count = sum(since < it <= at for it in counted[: i + 1])
        allowed = most + max(past.values(), default=0)
        if count > allowed and not trace.clock_set_between(since, at):
            trace.complain(
                "limit",
                f"deletion {count} of {allowed} that were allowed then",
                at,
                evidence=[trace.config_at(at)],
            )
            return


def narrowest(trace, at):
    """A window that was made larger does not know what was before."""
    longest = max(config["window_ms"] for _, config in trace.configs)
    return min(
        config["window_ms"]
        for config in trace.configs_between(at - longest, at)
    )


def resumes(trace):
    """When held deletions were let go on, and how many at most."""
    times = {}
    for record in trace.operations:
        doc = record["operator"]
        if doc["verb"] == "resume" and doc["ok"]:
            times[record["at"]] = 0
    for execution in trace.executions.values():
        for event in execution.events:
            by = event.resource or ""
            if event.type == "ExecutionRedriven" and by.startswith("resume:"):
                times[event.at] = times.get(event.at, 0) + 1
    for execution in trace.executions.values():
        trip = execution.input.get("keyguard", {})
        if trip.get("Error") == TOO_MANY:
            times.update(expiries(trace, execution))
    return times


def expiries(trace, execution):
    """A hold that nobody ended is over in time, whoever is held then."""
    return {
        execution.began + config["hold_timeout_ms"]: 0
        for _, config in trace.configs
    }


# ---- no message is deleted before the end ----


def judge_acknowledgement(trace, call):
    durable = call.doc["durable"]
    statuses = {it["name"]: it["status"] for it in durable["executions"]}
    refused = {it.get("message") for it in durable["rejected"]}
    for name in call.doc["messages"]:
        message = trace.messages.get(name)
        if message is None:
            complain(trace, call, f"message {name} is none of ours")
            continue
        for started in message.finding.started:
            judge_ended(trace, call, message, started, statuses)
        if message.finding.refused and name not in refused:
            why = f"message {name} goes, but was not kept"
            complain(trace, call, why)


def judge_ended(trace, call, message, started, statuses):
    status = statuses.get(started.name)
    if status in ENDED or had_failed(trace, started.name, call.at):
        return
    if status is None and trace.may_be_forgotten(message.at):
        return
    execution = trace.executions.get(started.name)
    why = f"message {message.id} goes, but {started.name} is"
    complain(trace, call, f"{why} {status or 'not there'}", execution)


def had_failed(trace, name, at):
    """And has been redriven since."""
    execution = trace.executions.get(name)
    return execution is not None and any(
        event.type == "ExecutionFailed" and event.at < at
        for event in execution.events
    )


def complain(trace, call, what, execution=None):
    record = dict(call.record, call=dict(call.doc))
    record["call"].pop("durable")
    trace.complain("acknowledge", what, call.at, execution, [record])


# ---- what was durable then is still there ----


def judge_kept(trace, call, known):
    for seen in call.doc["durable"]["executions"]:
        name, status = seen["name"], seen["status"]
        if known.get(name) == status:
            continue
        known[name] = status
        execution = trace.executions.get(name)
        if execution is None:
            if not trace.may_be_forgotten(trace.doc["started"]):
                complain_lost(trace, call, f"{name} is gone")
            continue
        if status in ENDED and not was(execution, status, call.at):
            complain_lost(trace, call, f"{name} was {status}", execution)
        if seen.get("outcome") == CONTAINED != execution.outcome:
            complain_lost(trace, call, f"{name} was contained", execution)


def was(execution, status, at):
    word = "Execution" + status.capitalize()
    return any(
        event.type == word and event.at <= at + TICK_MS
        for event in execution.events
    )


def complain_lost(trace, call, what, execution=None):
    trace.complain(
        "kept", f"{what}, as the disk had it", call.at, execution, []
    )
