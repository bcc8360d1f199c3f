# SPDX-License-Identifier: Apache-2.0
"""Many seeds on all processors, each life judged by check.py. By the
environment: FROM (1) and SEEDS (2000) say which; with TRACE the first is told
as a whole. A seed that fails is told as a whole as well."""

import json
import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import tell

HERE = pathlib.Path(__file__).resolve().parent
SIMULATE = "tests/simulation/simulate"  # in the build tree
CHECK = [sys.executable, "-B", str(HERE / "check.py")]
CHUNK = 50  # seeds that one simulator lives, one after the other
TOLD = 2  # failing seeds that are told as a whole


def trace_of(seed):
    """A life with its log, as a line of JSON; None if it broke off."""
    run = subprocess.run(
        [SIMULATE, "--log", str(seed)], stdout=subprocess.PIPE, check=False
    )
    return run.stdout if run.returncode == 0 else None


def judge_range(first, count):
    """What the checker says of these seeds; and whether all were lived."""
    lives = subprocess.Popen(
        [SIMULATE, str(first), str(count)], stdout=subprocess.PIPE
    )
    check = subprocess.run(
        CHECK, stdin=lives.stdout, stdout=subprocess.PIPE, check=False
    )
    lives.stdout.close()
    return first, count, check.stdout.decode(), lives.wait() == 0


def add_figures(sums, line):
    """Adds up lines of the same words, number by number."""
    numbers = [int(number) for number in re.findall(r"\d+", line)]
    words = re.split(r"\d+", line)
    if sums is None:
        return numbers, words
    return [a + b for a, b in zip(sums[0], numbers)], words


def figures_text(sums):
    numbers, words = sums
    return "".join(
        word + (str(numbers[i]) if i < len(numbers) else "")
        for i, word in enumerate(words)
    )


def failing(output):
    found = re.findall(r"^not ok - seed (\d+)", output, re.M)
    return [int(seed) for seed in dict.fromkeys(found)]


def tell_seed(seed):
    """All that happened, and what the checker says of it."""
    trace = trace_of(seed)
    if trace is None:
        print(f"# seed {seed} breaks off: {SIMULATE} {seed}")
        return
    for line in tell.tell(json.loads(trace)):
        print(line)
    check = subprocess.run(
        CHECK, input=trace, stdout=subprocess.PIPE, check=False
    )
    for line in check.stdout.decode().splitlines():
        print(line if line.startswith("#") else f"# {line}")
    print(f"# again: ./bootstrap simulate FROM={seed} SEEDS=1 TRACE=1")


def judge(first, count):
    """Prints what is wrong with these seeds, and the figures."""
    ranges = [
        (seed, min(CHUNK, first + count - seed))
        for seed in range(first, first + count, CHUNK)
    ]
    sums, bad = None, []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for seed, seeds, output, whole in pool.map(
            lambda row: judge_range(*row), ranges
        ):
            wrong = failing(output)
            if not whole:
                wrong += [
                    one
                    for one in range(seed, seed + seeds)
                    if trace_of(one) is None
                ]
            for line in output.splitlines():
                if line.startswith("simulate:"):
                    sums = add_figures(sums, line)
                elif wrong:
                    print(f"# {line}")
            bad += wrong
            sys.stdout.flush()
    for seed in bad[:TOLD]:
        tell_seed(seed)
    if sums is not None:
        print(f"# {figures_text(sums)}")
    return bad


def lives_twice(seed):
    """Whether a seed decides all, whatever was lived before."""
    row = subprocess.run(
        [SIMULATE, str(seed - 5), "6"], stdout=subprocess.PIPE, check=True
    )
    alone = subprocess.run(
        [SIMULATE, str(seed)], stdout=subprocess.PIPE, check=True
    )
    return row.stdout.splitlines()[-1:] == alone.stdout.splitlines()


def verdict(good, what):
    print(f"{'' if good else 'not '}ok - {what}", flush=True)
    return good


def main():
    first = int(os.environ.get("FROM") or 1)
    count = int(os.environ.get("SEEDS") or 2000)
    print("1..2")
    if os.environ.get("TRACE"):
        tell_seed(first)
    good = verdict(lives_twice(first + 5), "a seed decides all of a life")
    bad = judge(first, count)
    words = f": {', '.join(map(str, bad[:20]))}" if bad else ""
    good &= verdict(not bad, f"{count} lives keep what was promised{words}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
