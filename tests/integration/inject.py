# SPDX-License-Identifier: Apache-2.0
"""The object of tests/faults that counts a daemon's calls, kills it at one of
them or lets one fail; its README has the words of a rule."""

import os
import struct

from daemon import BUILD

OBJECT = BUILD / "tests/faults/inject.so"


def injected(*rules, counts=None):
    """The environment of a daemon that is subject to these rules and counts
    in this file."""
    # A sanitizer wants to come first, and may well come second.
    asan = os.environ.get("ASAN_OPTIONS", "")
    env = {
        "LD_PRELOAD": OBJECT,
        "ASAN_OPTIONS": f"verify_asan_link_order=0:{asan}",
        "KEYGUARD_INJECT": ",".join(rules),
    }
    if counts is not None:
        env["KEYGUARD_COUNTS"] = counts
    return {name: str(value) for name, value in env.items()}


def counted(path):
    """How often each function was called so far."""
    rows = struct.iter_unpack("24sQ", path.read_bytes())
    return {name.rstrip(b"\0").decode(): count for name, count in rows}
