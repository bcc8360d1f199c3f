# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share."""

import contextlib
import os
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "integration"))

from aws import Aws  # noqa: E402
from daemon import Daemon  # noqa: E402

SERVICES = ("sqs", "iam", "cloudtrail", "sns", "sts")


@contextlib.contextmanager
def five_services(*options, env=None):
    """Yields a sandbox for each service, so that each has connections of its
    own as with AWS, and a daemon that is yet to be started."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(
            stack.enter_context(tempfile.TemporaryDirectory())
        )
        aws = {name: stack.enter_context(Aws(*options)) for name in SERVICES}
        bundle = folder / "ca.pem"
        bundle.write_text(
            "".join(pathlib.Path(one.ca).read_text() for one in aws.values())
        )
        daemon = Daemon(folder, aws["sqs"].sections(), env=env)
        daemon.configure({"aws": {"ca_bundle": bundle}})
        daemon.configure(
            {
                "aws": {
                    f"endpoint_url_{name}": one.endpoint
                    for name, one in aws.items()
                }
            }
        )
        stack.callback(daemon.close)
        yield aws, daemon


def fsync_ms(folder, size=8192, rounds=100):
    """What it costs to make a small write durable there: the median."""
    taken = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(rounds):
            began = time.perf_counter()
            file.write(bytes(size))
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def row(name, value, unit=""):
    print(f"  {name:<44} {value:>9} {unit}".rstrip(), flush=True)
