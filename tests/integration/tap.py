# SPDX-License-Identifier: Apache-2.0
"""Prints each test as a case of TAP, for Automake's driver."""

import pathlib

import pytest


class Tap:
    """A pytest plugin in the terminal reporter's place."""

    def __init__(self):
        self.count = 0

    def case(self, good, node, remark="", text=""):
        self.count += 1
        file, _, test = node.partition("::")
        name = (test or pathlib.Path(file).stem).removeprefix("test_")
        name = name.replace("_", " ")
        word = "ok" if good else "not ok"
        print(f"{word} {self.count} - {name}{remark}", flush=True)
        for line in text.splitlines():
            print("#", line)

    def skip(self, report):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        self.case(True, report.nodeid, f" # SKIP {reason}")

    def pytest_collectreport(self, report):
        if report.skipped:
            self.skip(report)
        elif report.failed:
            self.case(False, report.nodeid, text=report.longreprtext)

    def pytest_runtest_logreport(self, report):
        if report.skipped:
            self.skip(report)
        elif report.failed:
            # The name of a phase tells a failed clean-up from the test.
            where = "" if report.when == "call" else f" ({report.when})"
            text = report.longreprtext + "\n" + report.capstdout
            self.case(False, report.nodeid, where, text)
        elif report.when == "call":
            self.case(True, report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session, exitstatus):
        print(f"1..{self.count}", flush=True)
        # A file that is skipped as a whole is no error.
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self.count:
            session.exitstatus = pytest.ExitCode.OK
