# SPDX-License-Identifier: Apache-2.0
"""A sandbox and a daemon in a folder of their own, for what is no test: the
demo and the benchmarks."""

import contextlib
import pathlib
import signal
import sys
import tempfile

from aws import Aws
from daemon import Daemon


@contextlib.contextmanager
def world(*options, env=None):
    """Yields a sandbox with these options and a daemon that is yet to be
    started; nothing is left of them afterwards."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    with tempfile.TemporaryDirectory(prefix="keyguard-") as folder:
        with contextlib.ExitStack() as stack:
            sandbox = stack.enter_context(Aws(*options))
            daemon = Daemon(pathlib.Path(folder), sandbox.sections(), env=env)
            stack.callback(daemon.close)
            yield sandbox, daemon
