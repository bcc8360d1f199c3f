# SPDX-License-Identifier: Apache-2.0
"""Judges traces (README.md), a line of JSON each, that come by standard input:
were the promises kept? Says of each seed that breaks one which, when, and what
shows it; and in the end how much was seen. Shares no code with the daemon."""

import json
import sys

from check_calls import judge_calls
from check_end import judge_end
from check_executions import judge_executions
from check_history import read_histories
from check_table import ENDED
from check_telling import judge_telling
from check_trace import Trace

# What they are about, one by one.
PROMISES = {
    "intent": "no key is deleted before the disk has that it will be",
    "look-up": "under an intent the owner is not looked up again",
    "named": "no key is touched that no event has named",
    "protected": "no key is deleted that may not be",
    "limit": "no more keys are deleted in a window than allowed",
    "acknowledge": "no message is deleted before its executions have ended",
    "once": "a finding has one execution, and each execution a cause",
    "kept": "what was accepted, or was on the disk, is not lost",
    "history": "each history is well formed",
    "retries": "retries are as the table has them; restarts are none",
    "turns": "one execution at a time deletes a key",
    "alarm": "nobody is told to act on a key that we have deleted",
    "truth": "what is told and recorded is so",
    "told": "somebody is told",
    "double": "once, unless an answer or the daemon was lost",
    "ends": "everything ends in time",
    "contain": "what could not be deleted for now is tried again",
    "queue": "no message is left in the queue",
    "operator": "what an operator does is done, and nobody else does it",
    "log": "the log is bounded",
    "simulation": "the simulator can go on",
}
LOST = {"kept", "told", "ends", "queue", "contain"}
DOUBLE = {"once", "double"}
MOST = 10  # complaints that are shown of a seed


def judge(doc):
    """A trace with all that is wrong about it."""
    trace = Trace(doc)
    read_histories(trace)
    judge_executions(trace)
    judge_calls(trace)
    judge_telling(trace)
    judge_end(trace)
    assert all(broken.promise in PROMISES for broken in trace.broken)
    return trace


# ---- what is said of it ----


def seconds(trace, at):
    return f"{(at - trace.doc['started']) / 1000:.3f} s"


def describe(trace, broken):
    yield (
        f"not ok - seed {trace.seed}: {broken.promise}: {broken.what}"
        f" ({PROMISES[broken.promise]})"
    )
    place = []
    if broken.at is not None:
        place.append(f"at {seconds(trace, broken.at)}")
    if broken.execution is not None:
        place.append(broken.execution.name)
    if place:
        yield f"#     {', '.join(place)}"
    for record in broken.evidence:
        yield f"#     {json.dumps(record, ensure_ascii=False)[:600]}"


class Figures:
    def __init__(self):
        self.seeds = self.sent = self.ended = self.deleted = 0
        self.told = self.crashes = self.lost = self.double = 0

    def add(self, trace):
        calls = [call for call in trace.calls if call.acted]
        names = [call.operation for call in calls]
        self.seeds += 1
        self.sent += len(trace.messages) + len(trace.injected)
        self.ended += sum(
            execution.status in ENDED
            for execution in trace.executions.values()
        )
        self.deleted += names.count("DeleteAccessKey")
        self.told += names.count("Publish")
        self.crashes += sum("crash" in record for record in trace.records)
        promises = [broken.promise for broken in trace.broken]
        self.lost += sum(promise in LOST for promise in promises)
        self.double += sum(promise in DOUBLE for promise in promises)

    def __str__(self):
        return (
            f"simulate: {self.seeds} seeds, {self.crashes} crashes, "
            f"{self.sent} events sent, {self.ended} executions ended, "
            f"{self.deleted} keys deleted, {self.told} messages told, "
            f"{self.lost} lost, {self.double} double"
        )


def main():
    figures, good = Figures(), True
    for line in sys.stdin:
        trace = judge(json.loads(line))
        figures.add(trace)
        for broken in trace.broken[:MOST]:
            print("\n".join(describe(trace, broken)), flush=True)
        if len(trace.broken) > MOST:
            print(f"#     and {len(trace.broken) - MOST} more")
        good &= not trace.broken
    print(figures)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
