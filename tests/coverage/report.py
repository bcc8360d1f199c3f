#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report.py SOURCE-FOLDER, in a build folder whose tests gcov has counted.

What of src/ they ran, by lines and by branches; README.md says what counts.
Exit status 1: a miss in machine/ or workflow/ that misses.txt does not explain,
or an explanation there of what is none.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

WHOLE = ("src/machine", "src/workflow")


def lines_of(text, begin, end):
    """The numbers of the lines from one place in a text to another."""
    return range(
        text.count("\n", 0, begin) + 1, text.count("\n", 0, end) + 2
    )


def asserted(text):
    """The lines of assert(): its other side is the end of the process."""
    for match in re.finditer(r"\bassert\(.*?\);", text, re.DOTALL):
        yield from lines_of(text, *match.span())


def complete(text):
    """The switches without a default: the compiler has seen that each value
    of their enum has a case, and still makes a branch for all others."""
    for match in re.finditer(
        r"^(\t+)switch \(.*?\) {$(.*?)^\1}$", text, re.DOTALL | re.MULTILINE
    ):
        if "default:" not in match[2]:
            yield lines_of(text, match.start(), match.start())[0]


class File:
    """How often each line of a file was run, and each branch of that line."""

    def __init__(self, source, name):
        text = (source / name).read_text()
        self.text = text.splitlines()
        self.asserted = set(asserted(text))
        self.complete = set(complete(text))
        self.lines = collections.Counter()
        self.branches = {}

    def add(self, line):
        """Lines of a header come with each object that includes it."""
        number = line["line_number"]
        counts = [branch["count"] for branch in line["branches"]]
        if number in self.asserted:
            return
        if number in self.complete:
            counts.pop()
        known = self.branches.get(number, [0] * len(counts))
        self.lines[number] += line["count"]
        self.branches[number] = [a + b for a, b in zip(known, counts)]

    def misses(self):
        """Yields the line and what it misses: "never" run, or branches."""
        for number in sorted(self.lines):
            branches = self.branches[number]
            missed = f"{branches.count(0)} of {len(branches)}"
            if not self.lines[number]:
                missed = "never"
            elif 0 not in branches:
                continue
            yield number, f"{missed}: {self.text[number - 1].strip()}"


def read(source):
    """All files of src/ that have code, by name."""
    objects = map(str, sorted(pathlib.Path("src").rglob("*.gcno")))
    gcov = subprocess.run(
        ["gcov", "--json-format", "--stdout", "--branch-probabilities", *objects],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    files = {}
    for document in map(json.loads, gcov.stdout.splitlines()):
        where = document["current_working_directory"]
        for file in document["files"]:
            name = os.path.relpath(os.path.join(where, file["file"]), source)
            if name.startswith("src/"):
                kept = files.setdefault(name, File(source, name))
                for line in file["lines"]:
                    kept.add(line)
    return files


def explained(path):
    """What misses.txt has: FILE: MISS, and below it, indented, the reason."""
    lines = path.read_text().splitlines()
    return [line for line in lines if line and line[0] not in "#\t"]


def share(counts):
    """Rounded down, so that only all is 100."""
    counts = list(counts)
    run = sum(count > 0 for count in counts)
    return f"{1000 * run // max(1, len(counts)) / 10:5.1f} %"


def row(title, files):
    lines = share(n for file in files for n in file.lines.values())
    branches = share(
        n for file in files for b in file.branches.values() for n in b
    )
    print(f"{title:34} {lines:>8} {branches:>8}")
    return branches.strip()


def main(source):
    files = read(source)
    whys = explained(source / "tests/coverage/misses.txt")
    found, wrong = set(), 0
    figures = []

    print(f"{'':34} {'lines':>8} {'branches':>8}")
    for folder in sorted({os.path.dirname(name) for name in files}):
        within = [n for n in sorted(files) if os.path.dirname(n) == folder]
        all_of_it = row(folder, [files[name] for name in within])
        if folder in (*WHOLE, "src/store"):
            figures.append(f"{folder[4:]} {all_of_it}")
        for name in within:
            row(f"    {os.path.basename(name)}", [files[name]])
    figures.append(f"all {row('src', files.values())}")

    print()
    for name in sorted(files):
        for number, miss in files[name].misses():
            found.add(f"{name}: {miss}")
            if f"{name}: {miss}" not in whys:
                print(f"{name}:{number}: {miss}")
                wrong += name.startswith(WHOLE)
    for why in set(whys) - found:
        print(f"misses.txt: no such miss: {why}")
        wrong += 1
    print(
        f"coverage: branches of {', '.join(figures)}; {len(whys)} misses "
        f"explained, {wrong} to be"
    )
    return min(wrong, 1)


sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
