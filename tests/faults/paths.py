# SPDX-License-Identifier: Apache-2.0
"""The paths that are swept: what comes, by which AWS, what an operator does,
and how it has to end."""

import collections
import contextlib
import json

import events
from aws import key_id
from promises import findings

DELETED = ("SUCCEEDED", "contained")
ALIVE = ("SUCCEEDED", "uncontained")
UNTOLD = ("FAILED", "contained")
NOTHING = ("FAILED", "uncontained")  # neither deleted nor told
STOPPED = ("ABORTED", "contained")

EVENT = events.health(key_id(0))
DENIED = {"do": "error", "code": "AccessDenied", "status": 403}
PASSING = {"do": "error", "code": "ServiceFailure", "status": 500}
NO_TOPIC = {"do": "error", "service": "SNS", "code": "NotFound", "status": 404}
HELD = (
    "Security Alert: TOO MANY EXPOSED IAM KEYS - Deletions HELD"
    f" On Account {events.ACCOUNT}"
)


def success(number):
    return events.subject(f"user-{number}")


class Path:
    """`ends`: how many executions end so. `told`: the subjects. `after`: the
    path that the store comes from; `due`: what waited then has become due."""

    def __init__(self, name, *bodies, ends, told=(), **more):
        self.name = name
        self.bodies = bodies
        self.ends = collections.Counter(ends)
        self.told = collections.Counter(told)
        self.faults = more.get("faults", [])
        self.config = more.get("config", {})
        self.after = more.get("after")
        self.due = more.get("due", False)
        self.operator = more.get("operator", lambda world: None)
        about = [key for body in bodies for _, key in findings(body)]
        self.keys = more.get("keys", about)

    def status(self):
        """What systemd is told of the daemon in the end."""
        uncontained = sum(
            count for end, count in self.ends.items() if end[1] == ALIVE[1]
        )
        untold = sum(
            count for end, count in self.ends.items() if end[0] == "FAILED"
        )
        return (
            f"executions: 0 running, {self.ends.total()} ended,"
            f" {uncontained} uncontained, {untold} not notified"
        )


# ---- what an operator does ----


def once(began, act, done=None):
    """An operator who acts if the wreck does not show that it began; and if he
    was told that it is done, that has to be."""

    def operate(world):
        if world.confirmed:
            assert (done or began)(world.wreck), "confirmed, and forgotten"
        if began(world.wreck):
            return
        with contextlib.suppress(AssertionError):  # the daemon was killed
            world.daemon.log.wait(" ready")
            world.confirmed = act(world).returncode == 0

    return operate


def resume(world):
    """When there is something to be resumed, and that has been told."""
    world.daemon.log.wait("breaker: Response.TooMany")
    if not any(run["outcome"] == ALIVE[1] for run in world.wreck.runs):
        world.daemon.log.wait("SUCCEEDED in NotifySecurity, uncontained")
    return world.daemon.ctl_raw("resume")


def inject(world):
    return world.daemon.ctl_raw(
        "inject", "-", stdin=json.dumps(EVENT).encode()
    )


def verb(word):
    """Acts on the execution that was there first."""
    return lambda world: world.daemon.ctl_raw(
        word, world.wreck.runs[0]["name"]
    )


def started(origin):
    """Whether there is an execution of that origin."""
    return lambda wreck: any(
        run["events"][0][2].startswith(origin) for run in wreck.runs
    )


def retried(wreck):
    """And the first one is not to be retried by itself as well."""
    return started("retry:uid")(wreck) and wreck.runs[0]["due_ms"] == 0


def redriven(wreck):
    return any(
        event[0] == "ExecutionRedriven" for event in wreck.runs[0]["events"]
    )


# ---- the paths ----

# What was before: nobody could be told; or what failed may pass.
FAILED = Path("failed", EVENT, ends=[UNTOLD], faults=[NO_TOPIC])
KEPT = Path(
    "kept",
    EVENT,
    ends=[ALIVE],
    told=[events.ERROR_SUBJECT],
    faults=[{"operation": "DeleteAccessKey", **PASSING}],
)
HELPLESS = Path(
    "helpless",
    EVENT,
    ends=[NOTHING],
    faults=[{"operation": "DeleteAccessKey", **PASSING}, NO_TOPIC],
)

PATHS = [
    Path("success", EVENT, ends=[DELETED], told=[success(0)]),
    Path(
        "the deletion is denied",
        EVENT,
        ends=[ALIVE],
        told=[events.ERROR_SUBJECT],
        faults=[{"operation": "DeleteAccessKey", **DENIED}],
    ),
    Path(
        "the summary is denied",
        EVENT,
        ends=[DELETED],
        told=[success(0)],
        faults=[{"operation": "LookupEvents", **DENIED}],
    ),
    Path(
        "three keys in one event",
        events.health(*map(key_id, range(3))),
        ends=[DELETED] * 3,
        told=map(success, range(3)),
    ),
    Path(
        "one key more than allowed, then resumed",
        events.health(key_id(0), number=0),
        events.health(key_id(1), number=1),
        ends=[DELETED, DELETED, ALIVE],
        told=[success(0), success(1), HELD],
        config={"response": {"max_per_window": 1}},
        operator=once(
            lambda wreck: "ResumedDate" in "".join(wreck.notes.values()),
            resume,
        ),
    ),
    Path(
        "IAM and SNS fail at first",
        EVENT,
        ends=[DELETED],
        told=[success(0)],
        faults=[
            {"service": "IAM", **PASSING, "count": 1},
            {"service": "SNS", **PASSING, "count": 1},
        ],
    ),
    Path(
        "injected",
        ends=[DELETED],
        told=[success(0)],
        keys=[key_id(0)],
        operator=once(started("inject:"), inject),
    ),
    Path(
        "redriven by hand",
        ends=[DELETED],
        told=[success(0)],
        after=FAILED,
        operator=once(redriven, verb("redrive")),
    ),
    Path(
        "stopped by hand",
        ends=[STOPPED],
        after=FAILED,
        operator=once(
            lambda wreck: wreck.runs[0]["status"] == "ABORTED", verb("stop")
        ),
    ),
    Path(
        "redriven by itself",
        ends=[DELETED],
        told=[success(0)],
        after=FAILED,
        due=True,
    ),
    Path(
        "retried by hand",
        ends=[ALIVE, DELETED],
        told=[success(0)],
        keys=[key_id(0)],
        after=KEPT,
        operator=once(started("retry:uid"), verb("retry"), retried),
    ),
    Path(
        "retried by itself",
        ends=[ALIVE, DELETED],
        told=[success(0)],
        keys=[key_id(0)],
        after=KEPT,
        due=True,
    ),
    Path(
        "redriven and retried by itself",
        ends=[ALIVE, DELETED],
        told=[success(0)],
        keys=[key_id(0)],
        after=HELPLESS,
        due=True,
    ),
]
