# SPDX-License-Identifier: Apache-2.0
"""Histories: their grammar, who retries what how often and after which pause,
where each state leads, and how the execution stands in the end."""

from check_table import (
    DELETE,
    ENDED,
    HELD,
    NOTIFY,
    RESTARTED,
    STATES,
    UNCONTAINED,
    redrive_ms,
    way_on,
    way_out,
)
from check_trace import TICK_MS

ENDS_OF_TASK = {"TaskSucceeded", "TaskFailed", "TaskStateAborted"}

# What may follow what.
FOLLOWERS = {
    None: {"ExecutionStarted"},
    "ExecutionStarted": {"TaskStateEntered"},
    "TaskStateEntered": {"TaskScheduled", "TaskStateAborted"},
    "TaskScheduled": ENDS_OF_TASK | {"TaskStarted"},
    "TaskStarted": ENDS_OF_TASK | {"TaskSubmitted", "TaskTimedOut"},
    "TaskSubmitted": ENDS_OF_TASK | {"TaskSubmitted", "TaskTimedOut"},
    "TaskSucceeded": {"TaskStateExited"},
    "TaskFailed": {
        "TaskScheduled",
        "TaskStateExited",
        "TaskStateAborted",
        "ExecutionFailed",
        "ExecutionRedriven",
    },
    "TaskTimedOut": {
        "TaskScheduled",
        "TaskStateExited",
        "TaskStateAborted",
        "ExecutionFailed",
    },
    "TaskStateExited": {"TaskStateEntered", "ExecutionSucceeded"},
    "TaskStateAborted": {"ExecutionAborted"},
    "ExecutionFailed": {"ExecutionRedriven"},
    "ExecutionRedriven": {"TaskScheduled", "TaskStateAborted"},
    "ExecutionSucceeded": set(),
    "ExecutionAborted": set(),
}
STATUSES = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionAborted": "ABORTED",
}


class Attempt:
    """Of a task: from its TaskScheduled on."""

    def __init__(self, scheduled):
        self.scheduled = scheduled
        self.started = self.end = None
        self.intents = []

    @property
    def since(self):
        return self.scheduled.at

    def spans(self, at):
        return self.since - TICK_MS <= at and (
            self.end is None or at <= self.end.at + TICK_MS
        )


class Visit:
    """To a state: from its TaskStateEntered until `left`."""

    def __init__(self, entered):
        self.entered = entered
        self.state = entered.state
        self.attempts = []
        self.left = None  # by its StateExited or StateAborted

    def spans(self, at):
        return self.entered.at - TICK_MS <= at and (
            self.left is None or at <= self.left.at + TICK_MS
        )

    @property
    def intents(self):
        return [it for attempt in self.attempts for it in attempt.intents]


class Odd(Exception):
    """An event that cannot be there: nobody knows what comes after it."""


class Reader:
    """Reads one history; what it learns goes into the execution."""

    def __init__(self, trace, execution):
        self.trace = trace
        self.execution = execution
        self.last = None  # the event before
        self.visit = self.attempt = None
        self.fired = {}  # tries of the retriers of this state
        self.wanted = None  # (type, why), after a failure
        self.pause = None  # (shortest, longest) until TaskScheduled
        self.way = None  # out of the state, once that is known
        self.outcome = None
        self.again = False
        self.failures = 0

    def run(self):
        for event in self.execution.events:
            try:
                self.read(event)
            except Odd as odd:
                self.complain(event, "history", str(odd))
                return
            self.last = event
        self.check_end()

    # ---- one event ----

    def read(self, event):
        before = self.last.type if self.last else None
        expected = (self.last.id if self.last else 0) + 1
        self.must(event.id == expected, f"stands where {expected} belongs")
        self.must(
            event.type in FOLLOWERS[before],
            f"cannot come after {before or 'nothing'}",
        )
        self.check_place(event)
        if self.wanted is not None:
            self.check_wanted(event)
        self.wanted = None
        getattr(self, "on_" + event.type)(event)

    @staticmethod
    def must(condition, what):
        if not condition:
            raise Odd(what)

    def complain(self, event, promise, what):
        evidence = [self.last.doc] if self.last else []
        self.trace.complain(
            promise,
            f"event {event.id}, {event.type}: {what}",
            event.at,
            self.execution,
            evidence + [event.doc],
        )

    def should(self, condition, event, promise, what):
        """Otherwise it is wrong, but can be read on."""
        if not condition:
            self.complain(event, promise, what)

    def check_place(self, event):
        """Within a visit all events name its state; outside none does."""
        if event.type.startswith("Execution"):
            self.must(event.state is None, "names a state")
        elif event.type == "TaskStateEntered":
            self.must(self.visit is None, "before the state was left")
        else:
            self.must(
                self.visit is not None and event.state == self.visit.state,
                f"is about another state, {event.state}",
            )

    def check_wanted(self, event):
        """Whatever it waits for, it can be stopped."""
        wanted, why = self.wanted
        self.should(
            event.type in (wanted, "TaskStateAborted"),
            event,
            "retries",
            f"{wanted} must come after {why}",
        )

    # ---- of the execution ----

    def on_ExecutionStarted(self, event):
        self.must(bool(event.document()), "has no input that can be read")
        self.must(bool(event.resource), "does not say where it came from")

    def on_ExecutionSucceeded(self, event):
        self.must(
            self.way is not None and self.way.to is None,
            "before NotifySecurity was through",
        )

    def on_ExecutionFailed(self, event):
        self.failures += 1
        self.must(self.visit.state == NOTIFY, "somebody must be told first")
        self.must(
            event.error == self.last.error,
            f"fails by {event.error} after {self.last.error}",
        )

    def on_ExecutionAborted(self, event):
        self.outcome = self.outcome or UNCONTAINED

    def on_ExecutionRedriven(self, event):
        by = event.resource or ""
        self.fired = {}
        if self.last.type == "TaskFailed":
            self.must(self.last.error == HELD, "without having FAILED")
            self.must(by.startswith("resume:"), f"held, goes on by {by}")
            return
        if by == "redrive:automatic":
            self.check_redrive(event)
        else:
            self.must(
                by.startswith(("redrive:", "stop:", "retry:")),
                f"goes on by {by}",
            )

    def timely(self, event):
        """Whether the time since the event before is known."""
        return not self.execution.vague and not (
            self.trace.clock_set_between(self.last.at, event.at)
        )

    def check_redrive(self, event):
        due = self.last.at + redrive_ms(self.failures)
        self.should(
            event.at >= due - TICK_MS or not self.timely(event),
            event,
            "retries",
            f"{due - event.at} ms before it is due",
        )

    # ---- of a state ----

    def on_TaskStateEntered(self, event):
        to = DELETE if self.way is None else self.way.to
        self.must(event.state == to, f"{event.state} in place of {to}")
        self.visit = Visit(event)
        self.execution.visits.append(self.visit)
        self.fired, self.way = {}, None

    def on_TaskStateExited(self, event):
        if self.last.type == "TaskSucceeded":
            self.way = way_on(self.visit.state)
        else:
            self.way = way_out(self.visit.state, self.last.error)
        self.must(
            event.path == self.way.path,
            f"its result is at {event.path}, not at {self.way.path}",
        )
        self.outcome = self.way.outcome or self.outcome
        self.again = self.again or self.way.again
        self.visit.left = event
        self.visit = None

    def on_TaskStateAborted(self, event):
        self.must(event.error == "Daemon.Stopped", f"by {event.error}")
        if self.attempt is not None and self.attempt.end is None:
            self.attempt.end = event
        self.visit.left = event
        self.visit = None

    # ---- of a task ----

    def on_TaskScheduled(self, event):
        if self.pause is not None:
            self.check_pause(event)
        self.pause = None
        resource = STATES[self.visit.state].resource
        self.must(event.resource == resource, f"is {event.resource}")
        self.attempt = Attempt(event)
        self.visit.attempts.append(self.attempt)

    def check_pause(self, event):
        shortest, longest = self.pause
        since, took = self.last.at, event.at - self.last.at
        if not self.timely(event):
            return
        self.should(
            took >= shortest - TICK_MS,
            event,
            "retries",
            f"{took} ms after the failure, not {shortest}",
        )
        self.should(
            took <= longest + TICK_MS
            or self.trace.started_between(since, event.at),
            event,
            "retries",
            f"{took} ms after the failure, at most {longest}",
        )

    def on_TaskStarted(self, event):
        self.attempt.started = event

    def on_TaskSubmitted(self, event):
        intent = event.document()
        self.must(self.visit.state == DELETE, "nothing to be submitted there")
        self.should(
            intent.get("AccessKeyId") == self.execution.key,
            event,
            "intent",
            f"for another key, {intent.get('AccessKeyId')}",
        )
        self.should(
            bool(intent.get("UserName")), event, "intent", "for no user"
        )
        self.attempt.intents.append(event)

    def on_TaskSucceeded(self, event):
        self.must(bool(event.document()), "has no result that can be read")
        self.attempt.end = event

    def on_TaskTimedOut(self, event):
        took = event.at - self.attempt.started.at
        limit = STATES[self.visit.state].timeout_ms
        self.must(event.error == "States.Timeout", f"by {event.error}")
        self.must(took >= limit - TICK_MS, f"after {took} ms of {limit}")
        self.failed(event)

    def on_TaskFailed(self, event):
        self.must(bool(event.error), "by no error")
        if event.error == RESTARTED:
            self.must(
                self.execution.vague
                or self.trace.started_between(
                    self.attempt.since - TICK_MS, event.at
                ),
                "without a restart",
            )
            self.attempt.end = event
            self.wanted = "TaskScheduled", "a restart"
        elif event.error == HELD and self.visit.state == DELETE:
            self.attempt.end = event
            self.wanted = "ExecutionRedriven", "being held"
        else:
            self.failed(event)

    def failed(self, event):
        """Retried, caught, or the end of it all: as its state has it."""
        self.attempt.end = event
        for retrier in STATES[self.visit.state].retry:
            if not retrier.matches(event.error):
                continue
            n = self.fired.get(retrier, 0) + 1
            if n > retrier.attempts:
                break
            self.fired[retrier] = n
            longest = retrier.longest_ms(n)
            self.pause = (0 if retrier.jitter else longest, longest)
            self.wanted = "TaskScheduled", f"{event.error} for time {n}"
            return
        caught = way_out(self.visit.state, event.error) is not None
        self.wanted = (
            "TaskStateExited" if caught else "ExecutionFailed",
            f"{event.error}, which is not tried again",
        )

    # ---- how it stands in the end ----

    def check_end(self):
        execution, last = self.execution, self.last
        execution.again = self.again
        execution.sound = True
        problems = []
        if last is None:
            problems.append("it has no history")
        else:
            status = STATUSES.get(last.type, "RUNNING")
            if execution.status != status:
                problems.append(f"{execution.status} after {last.type}")
            if execution.doc.get("started") != execution.events[0].wall:
                problems.append("began at another time than its history")
            stopped = execution.doc.get("stopped")
            if status in ENDED and stopped != last.wall:
                problems.append("ended at another time than its history")
        if execution.outcome != self.outcome:
            problems.append(
                f"it says {execution.outcome}, its history {self.outcome}"
            )
        for problem in problems:
            self.trace.complain(
                "history",
                problem,
                last.at if last else None,
                execution,
                [last.doc] if last else [],
            )


def read_histories(trace):
    for execution in trace.executions.values():
        Reader(trace, execution).run()
