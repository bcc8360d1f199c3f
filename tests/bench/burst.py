#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A thousand keys at once, at a round trip of 20 ms to AWS."""

import time

from bench import five_services, row

import events
from aws import key_id, user

KEYS = 1000
LOOKUPS_PER_SECOND = 100  # AWS grants 2; the keys do not wait for them


def peak_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as lines:
        fields = dict(line.split(":", 1) for line in lines)
    return int(fields["VmHWM"].split()[0]) // 1024


def main():
    with five_services("--latency-ms", 20) as (aws, daemon):
        aws["iam"].load(users=[user(f"u{i}", key_id(i)) for i in range(KEYS)])
        daemon.configure(
            {
                "response": {"max_per_window": KEYS},
                "summary": {"lookup_rate": LOOKUPS_PER_SECOND},
            }
        )
        daemon.start()
        began = time.monotonic()
        for number in range(KEYS):
            aws["sqs"].send(events.health(key_id(number), number=number))
        sent = time.monotonic() - began
        aws["iam"].wait(120, deletedKeys=KEYS)
        dead = time.monotonic() - began
        aws["sqs"].wait(120, acknowledged=KEYS)
        done = time.monotonic() - began
        print(f"A burst of {KEYS} keys, a message each:")
        row("all sent after", f"{sent:.1f}", "s")
        row("all keys dead after", f"{dead:.1f}", "s")
        row("all notified and acknowledged after", f"{done:.1f}", "s")
        row("memory at the most", peak_mib(daemon.process.pid), "MiB")


if __name__ == "__main__":
    main()
