# SPDX-License-Identifier: Apache-2.0
"""A trace, made ready to be asked: what was sent, called, configured and broken
when, and what is in the store in the end. README.md has its form."""

import bisect
import fnmatch
import json

from check_finding import Finding
from check_table import SPARED

# The daemon's clock and the world's tick together, but for rounding.
TICK_MS = 2


class Broken:
    """A promise that was not kept, and what shows it."""

    def __init__(self, promise, what, at=None, execution=None, evidence=()):
        self.promise = promise
        self.what = what
        self.at = at
        self.execution = execution
        self.evidence = evidence


class Call:
    """One request to AWS: `at` it was sent, it `acted` at `arrived`, and was
    over for the daemon at `ended`."""

    __slots__ = ("at", "record", "doc", "operation", "parameters")
    __slots__ += ("acted", "arrived", "ended", "good", "error")

    def __init__(self, record):
        doc = record["call"]
        self.at = record["at"]
        self.record = record
        self.doc = doc
        self.operation = doc["operation"]
        self.parameters = doc.get("parameters", {})
        self.acted = doc.get("acted", False)
        self.arrived = doc.get("arrived", self.at)
        self.ended = doc.get("ended")
        # Whether the daemon has AWS's own answer, as a whole.
        whole = doc.get("answered", False) and (
            doc.get("fault") not in ("html", "malformed", "network")
        )
        self.good = whole and doc.get("status") == 200
        self.error = doc.get("error") if whole else None

    def parameter(self, name):
        return self.parameters.get(name, "")


class Event:
    """Of a history; `wall` by the daemon's clock, `at` by the world's."""

    __slots__ = ("id", "wall", "at", "type", "state", "resource")
    __slots__ += ("data", "path", "error", "cause", "doc")

    def __init__(self, doc):
        self.doc = doc
        self.id = doc["id"]
        self.wall = self.at = doc["at"]
        self.type = doc["type"]
        self.state = doc.get("state")
        self.resource = doc.get("resource")
        self.data = doc.get("data")
        self.path = doc.get("path")
        self.error = doc.get("error")
        self.cause = doc.get("cause", "")

    def document(self):
        """Its data, read; nothing is an empty document."""
        try:
            doc = json.loads(self.data)
        except (TypeError, ValueError):
            return {}
        return doc if isinstance(doc, dict) else {}


class Execution:
    """As the store has it in the end. check_history adds its visits to
    states."""

    def __init__(self, doc):
        self.doc = doc
        self.name = doc["name"]
        self.account = doc.get("account")
        self.key = doc.get("key")
        self.user = doc.get("user")
        self.status = doc["status"]
        self.outcome = doc.get("outcome")
        self.due = doc.get("due", 0)
        self.retries = doc.get("retries", 0)
        self.events = [Event(event) for event in doc.get("events", [])]
        first = self.events[0] if self.events else None
        self.origin = (first.resource or "") if first else ""
        self.input = first.document() if first else {}
        self.retry = self.input.get("keyguard", {}).get("Retry")
        self.visits = []
        self.vague = self.again = False
        self.sound = False  # its history could be read to the end

    @property
    def began(self):
        return self.events[0].at

    @property
    def ended(self):
        """When it ended last; None while it runs."""
        return None if self.status == "RUNNING" else self.events[-1].at

    def next_after(self, at):
        """The event that came after a time; None: there is none."""
        return next((it for it in self.events if it.at > at), None)

    def visits_to(self, state):
        return [visit for visit in self.visits if visit.state == state]

    def attempts_in(self, state):
        return [it for visit in self.visits_to(state) for it in visit.attempts]


class Injected:
    def __init__(self, record):
        doc = record["injected"]
        self.at = record["at"]
        self.record = record
        self.names = doc.get("executions", [])
        self.finding = Finding(text_of(doc))


class Message:
    def __init__(self, record):
        self.at = record["at"]
        self.record = record
        self.id = record["sent"]["message"]
        self.finding = Finding(text_of(record["sent"]))


def text_of(doc):
    if "text" in doc:
        return doc["text"]
    return json.dumps(doc["body"], separators=(",", ":"), ensure_ascii=False)


def spared(config, key, user):
    """By which of its rules a key is not to be touched; None: it may be."""
    words = config.get("protected_keys", [])
    if any(matches(key, word) for word in words):
        return "Response.ProtectedKey"
    words = config.get("protected_users", [])
    if any(matches(user, word) for word in words):
        return "Response.ProtectedUser"
    return "Response.NotifyOnly" if config["action"] != "delete" else None


def matches(text, glob):
    return fnmatch.fnmatchcase(text.lower(), glob.lower())


class Trace:
    def __init__(self, doc):
        self.doc = doc
        self.seed = doc["seed"]
        self.records = doc["records"]
        self.ended, self.calm = doc["ended"], doc["calm"]
        self.end = doc["end"]
        self.broken = []
        self.keys = {
            key: user for user, keys in doc["users"].items() for key in keys
        }
        self.configs = [(doc["started"], doc["config"])]
        self.clocks = [(doc["started"], 0)]
        self.messages, self.injected = {}, []
        self.calls, self.operations = [], []
        self.starts, self.deaths, self.disk = [], [], []
        self.stolen = {}
        for record in self.records:
            self.take(record)
        self.by_operation = {}
        for call in self.calls:
            self.by_operation.setdefault(call.operation, []).append(call)
        self.executions = {}
        for doc in self.end["executions"]:
            execution = Execution(doc)
            self.executions[execution.name] = execution
            self.place_in_time(execution)

    # ---- reading ----

    def take(self, record):
        at = record["at"]
        if "call" in record:
            self.calls.append(Call(record))
        elif "sent" in record:
            message = Message(record)
            self.messages[message.id] = message
        elif "injected" in record:
            self.injected.append(Injected(record))
        elif "operator" in record:
            self.operations.append(record)
        elif "config" in record:
            self.configs.append((at, record["config"]))
        elif "clock" in record:
            self.clocks.append((at, record["clock"]))
        elif "disk" in record:
            self.disk.append((at, record["disk"]))
        elif "crash" in record:
            self.deaths.append(at)
        elif "daemon" in record:
            ways = {"started": self.starts}
            ways.get(record["daemon"], self.deaths).append(at)
        elif "outside" in record:
            self.stolen[record["outside"]["deleted"]] = at

    def place_in_time(self, execution):
        """Finds out when the daemon's times were, all the more so after its
        clock was set. Each event is no earlier than the one before. Those that
        could have been at one of several times make the execution `vague`."""
        since = self.clocks[0][0]
        for event in execution.events:
            times = self.times_of(event.wall, since)
            execution.vague = execution.vague or len(times) > 1
            if not times:
                execution.vague = True
                self.complain(
                    "history",
                    f"event {event.id} has a time before the one before it, "
                    "or outside of all",
                    since,
                    execution,
                    [event.doc],
                )
            event.at = since = max(since, times[0]) if times else since

    def times_of(self, wall, after):
        """When, from a time on, the daemon's clock has shown this."""
        ends = [at for at, _ in self.clocks[1:]] + [self.ended]
        return [
            wall - ahead
            for (since, ahead), until in zip(self.clocks, ends)
            if max(since, after) - TICK_MS <= wall - ahead <= until + TICK_MS
        ]

    # ---- asking ----

    def config_at(self, at):
        i = bisect.bisect_right(self.configs, at, key=lambda pair: pair[0])
        return self.configs[max(i - 1, 0)][1]

    def configs_between(self, since, until):
        """All that were in force, in their order."""
        found = [self.config_at(since)]
        found += [doc for at, doc in self.configs if since < at <= until]
        return found

    def calls_of(self, *operations):
        for operation in operations:
            yield from self.by_operation.get(operation, [])

    def died_between(self, since, until):
        return any(since <= at <= until for at in self.deaths)

    def may_have_lost(self, execution, at):
        """Whether what an execution did then may have died with the daemon
        before the disk had it."""
        if not execution.sound:
            return True
        after = execution.next_after(at)
        if after is None and execution.ended is not None:
            return execution.vague
        until = after.at if after is not None else self.ended
        return execution.vague or self.died_between(at, until + TICK_MS)

    def started_between(self, since, until):
        return any(since <= at <= until for at in self.starts)

    def clock_set_between(self, since, until):
        return any(since <= at <= until for at, _ in self.clocks[1:])

    def disk_is_good(self, since, until):
        """Neither full, nor slow, nor anything else all that time."""
        before = [how for at, how in self.disk if at <= since]
        how = before[-1:] + [h for at, h in self.disk if since < at <= until]
        return all(word == "ok" for word in how)

    def may_be_forgotten(self, began):
        """Whether one that began then is old enough for that in the end."""
        shortest = min(
            config.get("retention_ms", 1 << 62) for _, config in self.configs
        )
        slack = max((abs(ahead) for _, ahead in self.clocks), default=0)
        return self.ended + slack - began > shortest

    def spared_at(self, at, key, user):
        return spared(self.config_at(at), key, user)

    def spares_between(self, since, until, key, user):
        """All rules that spared it at some time then."""
        found = {
            spared(config, key, user)
            for config in self.configs_between(since, until)
        }
        return found & SPARED

    # ---- complaining ----

    def complain(self, promise, what, at=None, execution=None, evidence=()):
        self.broken.append(Broken(promise, what, at, execution, evidence))
