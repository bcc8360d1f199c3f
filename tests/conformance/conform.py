# SPDX-License-Identifier: Apache-2.0
"""The engine against another interpreter of Amazon States Language.

Speaks TAP. TABLES and FROM of the environment say how many random tables, and
from which seed on. Needs moto, and the program `engine` in the build tree.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys

import corners
import histories
import tables
import the_table

try:
    import interpreter
    import mends
except ImportError as error:
    print(f"1..0 # SKIP no moto here: {error}")
    sys.exit(0)


MOST = 3  # faults that are printed of a case


class Engine:
    """Our side: a line in, a line out."""

    def __init__(self):
        build = pathlib.Path(os.environ.get("KEYGUARD_BUILD", "."))
        self.process = subprocess.Popen(
            [build / "tests/conformance/engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, **request):
        print(json.dumps(request), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the engine died of {json.dumps(request)}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


class Campaign:
    def __init__(self):
        self.engine = Engine()
        self.count = 0  # cases of TAP
        self.failed = False
        self.figures = collections.Counter()
        self.explained = collections.Counter()
        self.draws = []

    def verdict(self, name, faults):
        self.count += 1
        faults = list(faults)
        print("ok" if not faults else "not ok", self.count, "-", name)
        for line in "\n".join(faults[:MOST]).splitlines():
            print("#", line)
        if len(faults) > MOST:
            print(f"# and {len(faults) - MOST} more")
        sys.stdout.flush()
        self.failed = self.failed or bool(faults)

    def faults(self, what, scripts, **request):
        """Runs scripts on both sides; yields what is wrong."""
        answer = self.engine.ask(scripts=scripts, restarts=True, **request)
        if "error" in answer:
            yield f"{what}: {answer['error']}"
            return
        program = interpreter.parse(answer["asl"])
        held = held_by(json.loads(answer["asl"]))
        for i, script in enumerate(scripts):
            run = answer["runs"][i]
            for fault in self.compare(program, script, held, run):
                yield f"{what}, script {i}: {json.dumps(script)}\n{fault}"

    def compare(self, program, script, held, run):
        ours = histories.ours(run["events"])
        world = interpreter.run(program, script, held, mends.ALL)
        theirs = histories.theirs(world)
        self.figures["scripts"] += 1
        self.figures["events"] += len(ours)
        self.figures["restarts"] += run["restarts"]
        if histories.difference(ours, theirs) is not None:
            self.figures["differences"] += 1
            yield "\n".join(histories.side_by_side(ours, theirs))
            return
        self.draws += histories.draws(ours, theirs)
        self.explain(program, script, held, ours, world.met)
        if "after" in run:
            self.figures["differences"] += 1
            yield (
                f"restarted after event {run['after']}:\n{run['way']}"
                f"without that:\n{run['whole']}"
            )

    def explain(self, program, script, held, ours, met):
        """Counts what differs when moto is left as it is in one thing."""
        for mend in met:
            rest = mends.ALL - {mend}
            theirs = interpreter.run(program, script, held, rest)
            if histories.difference(ours, histories.theirs(theirs)) is None:
                continue
            self.explained[mend] += 1


def held_by(asl):
    """The errors that hold: what is asked every minute, as often as can be."""
    return {
        retrier["ErrorEquals"][0]
        for state in asl["States"].values()
        for retrier in state.get("Retry", [])
        if retrier["MaxAttempts"] == 99999998
    }


def examples(campaign):
    """The words of the specification about its examples."""
    for words, (corner, pauses, last) in corners.EXAMPLES.items():
        table, script = corner
        answer = campaign.engine.ask(table=table, scripts=[script])
        events = answer["runs"][0]["events"]
        waits = [
            (one["at"] - events[i]["at"]) / 1000
            for i, one in enumerate(events[1:])
            if one["type"] == "TaskScheduled"
            and events[i]["type"] != "TaskStateEntered"
        ]
        named = [one.get("error") or one.get("state") for one in events]
        named = [one for one in named if one is not None]
        if (waits, named[-1]) != (pauses, last):
            yield f"{words}: {waits}, {named[-1]}"


def the_same_ways(campaign):
    """THE TABLE, whose ASL says what there is to try."""
    asl = json.loads(campaign.engine.ask(real=True, scripts=[])["asl"])
    scripts = list(the_table.scripts(asl))
    yield from campaign.faults("THE TABLE", scripts, real=True)


def random_tables(campaign, first, count):
    for seed in range(first, first + count):
        table, scripts = tables.of_seed(seed)
        try:
            yield from campaign.faults(f"FROM={seed}", scripts, table=table)
        except Exception:
            print(f"# FROM={seed}")
            raise
        campaign.figures["tables"] += 1


def differences(campaign):
    """In its corner, each of them is seen."""
    for mend in sorted(mends.ALL):
        before = campaign.explained[mend]
        table, script = corners.DIFFERENCES[mend]
        yield from campaign.faults(mend, [script], table=table)
        if campaign.explained[mend] == before:
            yield f"{mend}: moto does as we do; README.md and mends.py can go"


def uneven(draws):
    """Full jitter is anything from nothing to the whole pause."""
    mean = sum(draws) / max(len(draws), 1)
    least, most = min(draws, default=1), max(draws, default=0)
    if least > 0.1 or most < 0.9 or not 0.4 < mean < 0.6:
        yield f"{len(draws)} from {least} to {most}, mean {mean}"


def main():
    first = int(os.environ.get("FROM") or 1)
    count = int(os.environ.get("TABLES") or 300)
    interpreter.install()
    mends.install()
    campaign = Campaign()
    campaign.verdict(
        "the examples of the specification go as it says", examples(campaign)
    )
    campaign.verdict(
        "THE TABLE goes the same ways in both", the_same_ways(campaign)
    )
    campaign.verdict(
        f"so do {count} random tables, restarted at any event, too",
        random_tables(campaign, first, count),
    )
    campaign.verdict(
        "what differs for a known reason still does", differences(campaign)
    )
    campaign.verdict("jitter is spread evenly", uneven(campaign.draws))
    print(f"1..{campaign.count}")
    campaign.engine.close()
    figures = campaign.figures
    print(
        f"# conformance: {figures['tables']} tables,"
        f" {figures['scripts']} scripts,"
        f" {figures['events']} events compared,"
        f" {figures['restarts']} restarts,"
        f" {figures['differences']} differences"
        f" ({len(+campaign.explained)} explained kinds:"
        f" {sum(campaign.explained.values())})"
    )
    sys.exit(campaign.failed)


if __name__ == "__main__":
    main()
