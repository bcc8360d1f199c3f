# SPDX-License-Identifier: Apache-2.0
"""Tables by hand: one for each difference of mends.py, in which it has to show,
and the examples of the specification, with what it says of them."""

OK = {"ms": 10, "result": "7"}


def fail(error):
    return {"ms": 10, "error": error, "cause": "by hand"}


def state(name, **fields):
    return {
        "name": name,
        "service": "Nobody",
        "timeout": 60,
        "retry": [],
        "catch": [],
        "next": -1,
        "path": "$",
        **fields,
    }


def retrier(*errors, interval=0, rate=0, max_delay=0, max_attempts=3):
    return {
        "errors": list(errors),
        "interval": interval,
        "rate": rate,
        "max_delay": max_delay,
        "max_attempts": max_attempts,
    }


def catcher(*errors, leads_to, path="$"):
    return {"errors": list(errors), "next": leads_to, "path": path}


def corner(states, attempts, text="{}"):
    table = {"start": 0, "states": states}
    return table, {"seed": 1, "input": text, "attempts": attempts}


DIFFERENCES = {
    "own state": corner(
        [state("A", catch=[catcher("States.ALL", leads_to=0)])],
        [fail("X"), OK],
    ),
    "task failed": corner(
        [state("A", path="$.a", retry=[retrier("States.TaskFailed")])],
        [OK, OK],
        '"foo"',
    ),
    "runtime": corner(
        [state("A", retry=[retrier("States.ALL")])],
        [fail("States.Runtime"), OK],
    ),
    "result path": corner([state("A", path="$.x")], [OK], '"foo"'),
    "waits": corner(
        [state("A", timeout=1)], [{"waits": 800, "ms": 800, "result": "7"}]
    ),
    "held": corner(
        [state("A", held="Wait", retry=[retrier("X", max_attempts=1)])],
        [fail("X"), fail("Wait"), fail("X"), OK],
    ),
}

# What the specification says of each, and the pauses and the last state or
# error that it names.
EXAMPLES = {
    "2 retry attempts after waits of 3 and 6 seconds": (
        corner(
            [
                state(
                    "A",
                    retry=[retrier("E", interval=3, rate=2, max_attempts=2)],
                )
            ],
            [fail("E"), fail("E"), fail("E")],
        ),
        [3, 6],
        "E",
    ),
    "the second attempt after 4 seconds, rather than 6 seconds": (
        corner(
            [
                state(
                    "A",
                    retry=[
                        retrier(
                            "E",
                            interval=3,
                            rate=2,
                            max_delay=4,
                            max_attempts=2,
                        )
                    ],
                )
            ],
            [fail("E"), fail("E"), fail("E")],
        ),
        [3, 4],
        "E",
    ),
    "retry any error except for States.Timeout": (
        corner(
            [
                state(
                    "A",
                    timeout=1,
                    retry=[
                        retrier("States.Timeout", max_attempts=0),
                        retrier("States.ALL"),
                    ],
                )
            ],
            [fail("E"), {"ms": 1001, "result": "7"}],
        ),
        [1],
        "States.Timeout",
    ),
    "waits of one and two seconds, of five seconds, and to the Z state": (
        corner(
            [
                state(
                    "X",
                    next=1,
                    retry=[
                        retrier(
                            "ErrorA",
                            "ErrorB",
                            interval=1,
                            rate=2,
                            max_attempts=2,
                        ),
                        retrier("ErrorC", interval=5),
                    ],
                    catch=[catcher("States.ALL", leads_to=2)],
                ),
                state("Y"),
                state("Z"),
            ],
            [fail("ErrorA"), fail("ErrorB"), fail("ErrorC"), fail("ErrorB")],
        ),
        [1, 2, 5],
        "Z",
    ),
    "once the interpreter transitions to another state, they reset": (
        corner(
            [
                state(
                    "A",
                    retry=[retrier("E", interval=2, max_attempts=1)],
                    catch=[catcher("E", leads_to=1)],
                ),
                state("B", next=0),
            ],
            [fail("E"), fail("E"), OK, fail("E"), OK],
        ),
        [2, 2],
        "A",
    ),
    "ResultPath cannot apply and the interpreter fails the machine": (
        corner([state("A", path="$.x")], [OK], '"foo"'),
        [],
        "States.ResultPathMatchFailure",
    ),
}
