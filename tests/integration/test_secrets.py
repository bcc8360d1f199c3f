# SPDX-License-Identifier: Apache-2.0
"""What must not get out: secrets, and log lines without end."""

import events
from daemon import KEY_ID, SECRET
from aws import key_id, user

TOKEN = "IQoJb3JpZ2luX2VjEXAMPLETOKEN" * 8


def test_no_secret_is_logged_stored_or_shown(sandbox, make_daemon):
    daemon = make_daemon(env={"AWS_SESSION_TOKEN": TOKEN})
    key = key_id(0)
    sandbox.load(
        users=[
            user("test-user", key),
            {
                "name": "keyguard",
                "keys": [{"id": KEY_ID, "secret": SECRET, "token": TOKEN}],
            },
        ],
        faults=[
            {"do": "malformed", "count": 1, "operation": name}
            for name in ("DeleteAccessKey", "Publish")
        ],
    )
    daemon.start()
    sandbox.send(events.seed(key))
    sandbox.send("{rubbish")
    sandbox.wait(acknowledged=2)
    seen = [str(daemon.log).encode()]
    for words in (
        ["list"],
        ["status"],
        ["rejected"],
        ["show", daemon.list()[0]["name"]],
    ):
        seen.append(daemon.ctl_raw(*words).stdout)
        seen.append(daemon.ctl_raw("--json", *words).stdout)
    seen.append(str(daemon.told).encode())
    daemon.stop()
    seen += [path.read_bytes() for path in daemon.folder.glob("keyguardd.db*")]
    assert sandbox.key(key) == "Deleted"
    assert len(seen) >= 11
    for text in seen:
        assert SECRET.encode() not in text
        assert TOKEN[:60].encode() not in text


def test_whatever_comes_a_log_line_has_an_end(sandbox, daemon):
    sandbox.load(
        faults=[
            {
                "do": "error",
                "service": "IAM",
                "status": 400,
                "code": "E" * 5000,
                "message": "m\n" * 50_000,
            }
        ]
    )
    daemon.start()
    sandbox.send(events.health(key_id(0), eventArn="a" * 100_000))
    sandbox.send("x" * 200_000)
    sandbox.send(events.health(*["b" * 1000 for _ in range(200)]))
    sandbox.wait(acknowledged=3)
    daemon.stop()
    assert all(len(line) < 4096 for line in daemon.log.lines)
    assert all(line.startswith("<") for line in daemon.log.lines)
    assert len(daemon.log.lines) < 100
