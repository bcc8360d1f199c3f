# SPDX-License-Identifier: Apache-2.0
"""Fixtures for all."""

import pytest

from daemon import Daemon
from aws import Aws
from tap import Tap


def pytest_addoption(parser):
    parser.addoption("--tap", action="store_true", help="print TAP")


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    if config.getoption("--tap"):
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        config.pluginmanager.unregister(terminal)
        config.pluginmanager.register(Tap())


@pytest.fixture
def sandbox(tmp_path):
    made = Aws()
    yield made
    made.stop()


@pytest.fixture
def sections(sandbox):
    """What a daemon's configuration says of its AWS."""
    return sandbox.sections()


@pytest.fixture
def make_daemon(tmp_path, sections):
    """Makes daemons that do not outlive the test; does not start them."""
    made = []

    def make(**more):
        folder = tmp_path / f"daemon{len(made)}"
        folder.mkdir()
        made.append(Daemon(folder, sections, **more))
        return made[-1]

    yield make
    for daemon in made:
        daemon.close()


@pytest.fixture
def daemon(make_daemon):
    return make_daemon()


@pytest.fixture
def figures(capsys):
    """Prints a campaign's line of figures."""

    def show(line):
        with capsys.disabled():
            print(f"# {line}", flush=True)

    return show
