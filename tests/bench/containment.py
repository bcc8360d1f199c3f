#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long an exposed key lives, at a round trip of 20 ms to AWS: two of them
(the message's way to us, the look-up of the owner), one commit, and what we
add."""

import datetime
import statistics

from bench import five_services, fsync_ms, row

import events
from aws import key_id, user

ROUND_TRIP = 20
KEYS = 50


def stamp_ms(text):
    return datetime.datetime.fromisoformat(text).timestamp() * 1000


def life_of(aws, number):
    """From the message's being in the queue to DeleteAccessKey at IAM."""
    aws["sqs"].wait(parked=1)
    aws["sqs"].send(events.health(key_id(number), number=number))
    [message] = aws["sqs"].state()["queues"][0]["messages"]
    aws["sqs"].wait(acknowledged=number + 1)
    deleted = aws["iam"].calls("DeleteAccessKey")[-1]
    return stamp_ms(deleted["time"]) - stamp_ms(message["sent"])


def main():
    with five_services("--latency-ms", ROUND_TRIP) as (aws, daemon):
        aws["iam"].load(users=[user(f"u{i}", key_id(i)) for i in range(KEYS)])
        daemon.start()
        first, *lives = [life_of(aws, i) for i in range(KEYS)]
        life, fsync = statistics.mean(lives), fsync_ms(daemon.folder)
        print(f"Containment of {KEYS} keys, one after the other:")
        row("the first, which connects to IAM", f"{first:.1f}", "ms")
        row("each after it, on average", f"{life:.1f}", "ms")
        row("of it: two round trips", f"{2 * ROUND_TRIP:.1f}", "ms")
        row("of it: one fsync, as measured here", f"{fsync:.1f}", "ms")
        own = life - 2 * ROUND_TRIP - fsync
        row("left: ours and the sandbox's", f"{own:.1f}", "ms")


if __name__ == "__main__":
    main()
