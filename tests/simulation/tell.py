# SPDX-License-Identifier: Apache-2.0
"""A trace for people: what happened, line by line in the order of time."""

import json


def shown(value):
    return value if isinstance(value, str) else json.dumps(value)


def members(doc, *names):
    return " ".join(
        f"{name}={shown(doc[name])}" for name in names if name in doc
    )


def tell_call(doc, began):
    """What was asked; when and how it came out."""
    parts = [f"{doc['service']} {doc['operation']}"]
    parameters = dict(doc.get("parameters", {}))
    parameters.pop("Message", None)
    parts.append(members(parameters, *parameters))
    parts.append(members(doc, "messages", "intents"))
    parts.append("done" if doc.get("acted") else "not done")
    parts.append(members(doc, "status", "error", "fault", "end"))
    if not doc.get("answered"):
        parts.append("no answer")
    if "ended" in doc:
        parts.append(f"until {(doc['ended'] - began) / 1000:.3f}")
    return " ".join(part for part in parts if part)


def tell_record(what, value, began):
    if what == "call":
        return tell_call(value, began)
    if what == "log":
        return f"<{value['level']}> {value['text']}"
    return shown(value)


def tell(trace):
    """The lines, with seconds since the beginning."""
    began = trace["started"]
    calm = False
    yield f"# seed {trace['seed']}: {json.dumps(trace['config'])}"
    for record in trace["records"]:
        if not calm and record["at"] > trace["calm"]:
            calm = True
            yield f"# {(trace['calm'] - began) / 1000:10.3f} calm"
        for what, value in record.items():
            if what != "at":
                at = (record["at"] - began) / 1000
                text = tell_record(what, value, began)
                yield f"# {at:10.3f} {what:8} {text}"
    for execution in trace["end"]["executions"]:
        yield "# " + members(execution, "name", "status", "outcome", "state")
    yield f"# left in the queue: {trace['end']['queue']}"
