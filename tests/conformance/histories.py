# SPDX-License-Identifier: Apache-2.0
"""Two histories in one form, compared event by event."""

import json

# What only we record: the intent of what cannot be undone, and who sent an
# execution on that was held.
OURS_ALONE = ("TaskSubmitted", "ExecutionRedriven")


def is_free_text(error):
    """Whether the cause of an error is the interpreter's own words."""
    return error is not None and error.startswith("States.")


def plain(value):
    """A value without words that the language leaves to the interpreter."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    free = ("Cause",) if is_free_text(value.get("Error")) else ()
    return {name: plain(value[name]) for name in value if name not in free}


def event(type, at, state=None, text=None, error=None, cause=None, drawn=False):
    """An event; `at` in ms, `text` JSON, `drawn`: jitter was before it."""
    return {
        "type": type,
        "at": at,
        "state": state,
        # In one spelling: 1 is not 1.0 and not true.
        "value": None
        if text is None
        else json.dumps(plain(json.loads(text)), sort_keys=True),
        "error": error,
        # An empty one is as good as none.
        "cause": None if is_free_text(error) else cause or None,
        "drawn": drawn,
    }


def ours(events):
    """Of the engine. Its store keeps a value once: as what made it."""
    made, value = [], None
    for one in events:
        type = one["type"]
        if type in ("ExecutionStarted", "TaskStateExited"):
            value = one["data"]
        if type in OURS_ALONE:
            continue
        implied = type in ("TaskStateEntered", "ExecutionSucceeded")
        named = type in ("TaskStateEntered", "TaskStateExited")
        made.append(
            event(
                type,
                one["at"],
                one["state"] if named else None,
                value if implied else one.get("data"),
                one.get("error"),
                one.get("cause"),
            )
        )
    return made


def theirs(world):
    """Of moto: whatever of an event is called details."""
    made = []
    for i, one in enumerate(world.history):
        details = {}
        for name, value in one.items():
            if name.endswith("EventDetails"):
                details = value
        made.append(
            event(
                one["type"].value,
                one["timestamp"],
                details.get("name"),
                details.get("input", details.get("output")),
                details.get("error"),
                details.get("cause"),
                i in world.jittered,
            )
        )
    return made


def pauses(a, b, i):
    """How long before event `i` the one before it was."""
    if i == 0:
        return a[i]["at"], b[i]["at"]
    return a[i]["at"] - a[i - 1]["at"], b[i]["at"] - b[i - 1]["at"]


def same_event(a, b, i):
    ours, theirs = pauses(a, b, i)
    if b[i]["drawn"]:
        timely = 0 <= ours <= theirs + 1
    else:
        timely = abs(ours - theirs) <= 1  # ms: moto counts in fractions
    return timely and all(
        a[i][what] == b[i][what]
        for what in ("type", "state", "value", "error", "cause")
    )


def difference(a, b):
    """The number of the first event that differs; None if none does."""
    for i in range(max(len(a), len(b))):
        if i >= len(a) or i >= len(b) or not same_event(a, b, i):
            return i
    return None


def draws(a, b):
    """The pauses drawn with jitter, as parts of the longest they can be."""
    for i in range(len(b)):
        ours, theirs = pauses(a, b, i)
        if b[i]["drawn"] and theirs >= 1000:
            yield ours / theirs


def words(events, i):
    if i >= len(events):
        return ""
    one = events[i]
    told = [f"{one['at']:10.0f}", one["type"]]
    for what in ("state", "error", "cause", "value"):
        if one[what] is not None:
            told.append(str(one[what]))
    if one["drawn"]:
        told.append("(at most)")
    return " ".join(told)


def side_by_side(a, b):
    """Both, line by line; what differs first is marked."""
    first = difference(a, b)
    for i in range(max(len(a), len(b))):
        mark = ">" if i == first else " "
        yield f"{mark} {words(a, i):60.60} | {words(b, i):60.60}".rstrip()
