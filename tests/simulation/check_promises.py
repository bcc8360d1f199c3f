# SPDX-License-Identifier: Apache-2.0
"""The checker finds each promise that is broken, by its name, and complains of
nothing else: traces made by hand, an example or more for each promise."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check_examples  # noqa: E402
import check_examples_end  # noqa: E402
from check import PROMISES, judge  # noqa: E402


def promise_of(name):
    found = [it for it in PROMISES if name.startswith(it.replace("-", "_"))]
    return max(found, key=len, default=None)


def main():
    tests = {
        name: test
        for module in (check_examples, check_examples_end)
        for name, test in vars(module).items()
        if name.startswith("good_") or promise_of(name)
    }
    missing = set(PROMISES) - {promise_of(name) for name in tests}
    print(f"1..{len(tests) + 1}")
    failed = bool(missing)
    print(f"{'not ' if missing else ''}ok - each promise has one: {missing}")
    for name, test in tests.items():
        expected = {promise_of(name)} - {None}
        broken = judge(test()).broken
        good = {it.promise for it in broken} == expected
        failed |= not good
        print(f"{'' if good else 'not '}ok - {name.replace('_', ' ')}")
        for it in broken if not good else []:
            print(f"# {it.promise}: {it.what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
