# SPDX-License-Identifier: Apache-2.0
"""Random small tables and scripts, by seed.

A table is what tests/conformance/table_doc.h reads, and a script what play.h
does. Everything that a table of ours can say is in here, in few enough words
that errors often meet a retrier or catcher of theirs.
"""

import json
import random

END = -1

# The names that states are called by: whatever is a name for the language.
NAMES = ["Delete", "Look up", "Tell/all", "Größe", "E", "x" * 80]

SERVICES = ["IAM", "SNS", "CloudTrail", "Nobody"]

# What tasks fail by. Classes are made of the names of a service and of these.
ERRORS = [
    "{service}.Throttling",
    "{service}.ServiceUnavailable",
    "{service}.AccessDenied",
    "Http.Timeout",
    "Http.Status429",
    "Fel på/vägen",
]
CLASSES = ["Class.Throttled", "Class.Transient"]
RESERVED = [
    "States.TaskFailed",
    "States.Timeout",
    "States.ResultPathMatchFailure",
]
HELD = "Wait.ForIt"

PATHS = ["$", "$.a", "$.b", "$.error-info", "$._1"]

# JSON as it may come: what a task returns, and what an execution begins with.
OBJECTS = [
    {},
    {"a": 1},
    {"b": {"c": [1, 2.5, -0.125, 1e21]}},
    {"a": None, "error-info": "ä€😀\u0001\"\\/"},
    {"n": 18446744073709551615, "m": -9223372036854775808},
]
OTHERS = [None, True, 0, "foo", "", [1, {"a": []}], 0.1]


def chance(rng, of_one):
    return rng.random() < of_one


def value(rng):
    return json.dumps(
        rng.choice(OBJECTS if chance(rng, 0.9) else OTHERS),
        ensure_ascii=chance(rng, 0.5),
    )


def error_names(rng, service, last):
    """One ErrorEquals; States.ALL alone, and in the last row alone."""
    if last and chance(rng, 0.4):
        return ["States.ALL"]
    pool = [one.format(service=service) for one in ERRORS]
    pool += CLASSES + RESERVED
    return rng.sample(pool, rng.randint(1, 3))


def retrier(rng, service, last):
    return {
        "errors": error_names(rng, service, last),
        "interval": rng.choice([0, 1, 2, 3, 30]),
        "rate": rng.choice([0, 1.0, 1.1, 1.5, 2.0, 3.0, 10.0, 1.23456789]),
        "max_delay": rng.choice([0, 0, 1, 4, 60]),
        "max_attempts": rng.randint(0, 4),
        "jitter": chance(rng, 0.3),
    }


def catcher(rng, service, last, leads_to):
    return {
        "errors": error_names(rng, service, last),
        "next": leads_to,
        "path": rng.choice(PATHS),
        "again": chance(rng, 0.1),
    }


def rows(rng, most, make):
    count = rng.randint(0, most)
    return [make(i == count - 1) for i in range(count)]


def ways(rng, count):
    """A way to each state from one before it, and others: the successor of
    each, and those to which its catchers have to lead."""
    successor = [None] * count
    caught = [[] for _ in range(count)]
    for state in range(1, count):
        parent = rng.randrange(state)
        if successor[parent] is None and chance(rng, 0.7):
            successor[parent] = state
        else:
            caught[parent].append(state)
    for state in range(count):
        if successor[state] is None:
            later = list(range(state + 1, count)) + [END]
            back = list(range(state + 1))
            successor[state] = rng.choice(later)
            if state < count - 1 and chance(rng, 0.1):
                successor[state] = rng.choice(back)
    return successor, caught


def state(rng, name, successor, caught, count):
    service = rng.choice(SERVICES)
    leads = caught + [
        rng.randrange(count) for _ in range(rng.choice([0, 0, 1, 2]))
    ]
    catch = [
        catcher(rng, service, i == len(leads) - 1, leads_to)
        for i, leads_to in enumerate(leads)
    ]
    held = {"held": HELD} if chance(rng, 0.2) else {}
    return {
        "name": name,
        "service": service,
        "timeout": rng.choice([1, 2, 15, 60]),
        "retry": rows(rng, 4, lambda last: retrier(rng, service, last)),
        "catch": catch,
        "next": successor,
        "path": rng.choice(PATHS),
        "lane": chance(rng, 0.3),
        "after_commit": chance(rng, 0.3),
        **held,
    }


def table(rng):
    count = rng.randint(1, 5)
    successor, caught = ways(rng, count)
    if END not in successor:
        successor[-1] = END
    order = rng.sample(range(count), count)  # where each of them is put
    placed = {END: END, **dict(enumerate(order))}
    names = rng.sample(NAMES, count)
    states = [None] * count
    for i in range(count):
        states[placed[i]] = state(
            rng,
            names[i],
            placed[successor[i]],
            [placed[one] for one in caught[i]],
            count,
        )
    return {"start": placed[0], "states": states}


def named(table):
    """The errors that a table has a word for; the class's, for a class."""
    for one in table["states"]:
        for row in one["retry"] + one["catch"]:
            for error in row["errors"]:
                if error == "Class.Throttled":
                    yield f"{one['service']}.Throttling"
                elif error == "Class.Transient":
                    yield "Http.Timeout"
                elif not error.startswith("States."):
                    yield error


def attempt(rng, table):
    """How an attempt ends; of which state it will be is not known yet."""
    limit = rng.choice(table["states"])["timeout"] * 1000
    what = {"ms": rng.choice([0, 1, 250, limit, limit + 1])}
    if chance(rng, 0.1):
        what["waits"] = rng.choice([1, 1500, limit])
    if chance(rng, 0.2):
        what["intent"] = True
    if chance(rng, 0.35):
        return {**what, "result": value(rng)}
    if chance(rng, 0.02):
        error = "States.Runtime"
    elif chance(rng, 0.1):
        error = HELD
    else:
        pool = list(named(table)) if chance(rng, 0.8) else []
        service = rng.choice(table["states"])["service"]
        error = rng.choice(pool or ERRORS).format(service=service)
    return {**what, "error": error, "cause": rng.choice(["", "it did"])}


def script(rng, table):
    return {
        "seed": rng.randrange(1 << 30),
        "input": value(rng),
        "attempts": [attempt(rng, table) for _ in range(rng.randint(8, 20))],
    }


def of_seed(seed):
    """A table, and four scripts for it."""
    rng = random.Random(seed)
    made = table(rng)
    return made, [script(rng, made) for _ in range(4)]
