#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an idle daemon costs, with TLS connections to all services open: its
own memory, and how often it wakes up in a minute."""

import pathlib
import time

from bench import five_services, row

import events
from aws import key_id, user

WATCHDOG_S = 30  # as in the unit


def private_dirty_kib(process):
    for line in (process / "smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1])
    raise AssertionError("no Private_Dirty")


def wakeups(process):
    """By thread: how often it has gone to sleep of its own."""
    counts = {}
    for task in (process / "task").iterdir():
        fields = dict(
            line.split(":\t", 1)
            for line in (task / "status").read_text().splitlines()
            if ":\t" in line
        )
        name = f"{fields['Name']}/{task.name}"
        counts[name] = int(fields["voluntary_ctxt_switches"])
    return counts


def sockets(process):
    links = (link.readlink() for link in (process / "fd").iterdir())
    return sum(str(link).startswith("socket:") for link in links)


def main():
    env = {"WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000)}
    with five_services(env=env) as (aws, daemon):
        aws["iam"].load(users=[user("u", key_id(0))])
        daemon.start()
        daemon.inject(events.seed(key_id(0)), "--wait")
        process = pathlib.Path(f"/proc/{daemon.process.pid}")
        print("An idle daemon (this takes more than two minutes):")
        made = [one.state()["connections"] > 1 for one in aws.values()]
        row("services it is connected to", sum(made))
        row("Private_Dirty at once", private_dirty_kib(process), "KiB")
        time.sleep(70)
        row("Private_Dirty, 70 s later", private_dirty_kib(process), "KiB")
        row("sockets it holds", sockets(process))
        polls = aws["sqs"].counters()["SQS.ReceiveMessage"]
        before = wakeups(process)
        time.sleep(60)
        after = wakeups(process)
        polls = aws["sqs"].counters()["SQS.ReceiveMessage"] - polls
        for name, count in after.items():
            row(f"wake-ups of {name} in 60 s", count - before.get(name, 0))
        row("of them: two for each long poll", 2 * polls)
        row("of them: one for each sign of life", 60 // (WATCHDOG_S // 2))
        print(
            "A long poll wakes it by its answer, and once by curl, which looks"
            "\nfive seconds later whether the connection stands."
        )


if __name__ == "__main__":
    main()
