# SPDX-License-Identifier: Apache-2.0
"""What bounds the deletions, and that a burst within the bounds is none."""

import signal

import events
from aws import key_id, user

BURST = 1000
HELD = (
    "Security Alert: TOO MANY EXPOSED IAM KEYS - Deletions HELD"
    f" On Account {events.ACCOUNT}"
)


def exposed(sandbox, count):
    """So many users with a key each, which all are exposed."""
    sandbox.load(users=[user(f"u{n}", key_id(n)) for n in range(count)])
    for number in range(count):
        sandbox.send(events.health(key_id(number), number=number))


def test_a_burst_under_throttling_ends_with_all_keys_dead(sandbox, daemon):
    exposed(sandbox, BURST + 1)
    sandbox.faults(
        {"do": "throttle", "service": "IAM", "perSecond": 250, "burst": 50}
    )
    daemon.configure(
        {
            "response": {
                "max_per_window": 2 * BURST,
                "protected_users": f"U{BURST}",
            },
            "summary": {"lookup_rate": 100},
        }
    )
    daemon.start()
    sandbox.wait(120, acknowledged=BURST + 1)
    assert sandbox.counters()["deletedKeys"] == BURST
    assert sandbox.key(key_id(BURST)) == "Active"
    assert daemon.ctl("status")["executions"] == {
        "running": 0,
        "succeeded": BURST + 1,
        "failed": 0,
        "uncontained": 1,
        "held": 0,
    }
    [spared] = daemon.list("--outcome", "uncontained")
    assert spared["userName"] == f"u{BURST}"
    subjects = [subject for subject, _ in sandbox.published()]
    assert len(set(subjects)) == len(subjects) == BURST + 1
    assert (
        "Security Alert: Exposed IAM Key ALIVE:"
        f" u{BURST} On Account {events.ACCOUNT}"
    ) in subjects


def test_what_is_too_much_is_held_over_a_restart(sandbox, daemon):
    exposed(sandbox, 5)
    daemon.configure({"response": {"max_per_window": 3}})
    daemon.start()
    sandbox.wait(deletedKeys=3, published=4)
    daemon.stop()
    daemon.start()
    status = daemon.ctl("status", status=1)
    assert status["state"] == "degraded"
    assert status["executions"]["held"] == 2
    assert "breaker: Response.TooMany: more than 3" in status["reasons"][0]
    assert [subject for subject, _ in sandbox.published()].count(HELD) == 1
    assert sandbox.counters()["deletedKeys"] == 3


def test_they_go_on_by_themselves(sandbox, daemon):
    exposed(sandbox, 2)
    daemon.configure({"response": {"max_per_window": 1, "hold_timeout": "2s"}})
    daemon.start()
    sandbox.wait(published=3, acknowledged=2, deletedKeys=2)
    daemon.logged("are held, until keyguardctl resume or until")
    daemon.logged("are deleted again, by resume:hold_timeout")


def test_a_reload_changes_the_brakes(sandbox, daemon):
    exposed(sandbox, 1)
    daemon.configure({"response": {"action": "notify-only"}})
    daemon.start()
    sandbox.wait(published=1)
    assert sandbox.counters()["deletedKeys"] == 0
    daemon.configure({"response": {"action": "delete"}})
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for("READY=1")
    daemon.inject(events.health(key_id(0)), "--wait")
    assert sandbox.key(key_id(0)) == "Deleted"


def test_a_bad_value_is_refused_with_what_is_accepted(daemon):
    daemon.configure({"response": {"window": "soon"}})
    daemon.start(wait=False)
    assert daemon.end() == 78
    daemon.logged(
        "[response] window = soon: not accepted; it takes a time from 1s to"
        " 7d, such as 10min"
    )
