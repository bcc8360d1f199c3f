# SPDX-License-Identifier: Apache-2.0
"""What happened in lives, and in how many: reads traces, prints how often each
kind of fault, place of a crash, verb, outcome ... occurred. What is rare here
is hardly tried; the odds are in weather.c, life.c and their like."""

import collections
import json
import re
import sys


def of_call(doc):
    operation = doc["operation"]
    if "fault" in doc:
        yield f"fault {doc['fault']} at {operation}"
        if doc["fault"] != "network" and doc.get("acted"):
            yield f"fault {doc['fault']} after it was done"
    if doc.get("acted") and not doc.get("answered"):
        yield f"done, answer not heard: {operation}"
    if doc.get("arrived", 0) > doc.get("ended", float("inf")):
        yield f"arrived when nobody waited: {operation}"


def of_record(record):
    for what, value in record.items():
        if what == "call":
            yield from of_call(value)
        elif what == "crash":
            yield f"crash at {value['place']}"
            yield f"crash that lost {value['lost']}"
        elif what == "operator":
            how = "done" if value["ok"] else value["error"]
            yield f"operator {value['verb']}: {how}"
        elif what in ("network", "disk", "credentials", "daemon"):
            yield f"{what} {value}"
        elif what == "injected":
            yield f"injected: {value.get('refused', 'taken')}"
        elif what == "sent":
            yield "sent " + ("an event" if "body" in value else "no JSON")
        elif what in ("config", "clock", "outside", "faults"):
            yield what


def of_execution(execution):
    yield f"ended {execution['status']} {execution.get('outcome', '')}"
    if execution["retries"] > 0:
        yield "retried by itself"
    for event in execution["events"]:
        if "error" in event:
            yield f"{event['type']} {event.get('state', '')} {event['error']}"
        elif event["type"] == "ExecutionRedriven":
            yield "redriven by " + event["resource"].split(",")[0]


def of_life(trace):
    hours = (trace["ended"] - trace["started"]) / 3600e3
    longest = next((h for h in (0.1, 1, 6) if hours < h), "many")
    yield f"life of up to {longest} h"
    yield f"action {trace['config']['action']}"
    for record in trace["records"]:
        yield from of_record(record)
    for execution in trace["end"]["executions"]:
        yield from of_execution(execution)
    for message in trace["end"]["published"]:
        yield "told: " + re.split(" For | on |: ", message["subject"][16:])[0]


def main():
    times, lives, count = collections.Counter(), collections.Counter(), 0
    for line in sys.stdin:
        happened = collections.Counter(of_life(json.loads(line)))
        times.update(happened)
        lives.update(happened.keys())
        count += 1
    print(f"{count} lives\n   times    lives")
    for what in sorted(times):
        print(f"{times[what]:8} {lives[what]:8}  {what}")


if __name__ == "__main__":
    main()
