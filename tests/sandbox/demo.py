#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make demo: an exposed key dies, on this machine alone. A sandbox stands in
for AWS; all files are in a folder that is gone at the end."""
import os
import pathlib
import subprocess
import sys
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "integration"))

import events  # noqa: E402
from daemon import BUILD, CLEAN  # noqa: E402
from world import world  # noqa: E402

KEY = "AKIAIOSFODNN7EXPOSED"
TEST_USER = {
    "name": "test-user",
    "keys": [
        {
            "id": KEY,
            "lastUsed": {
                "date": "2016-06-05T06:12:00Z",
                "service": "iam",
                "region": "us-east-1",
            },
        }
    ],
}
BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")

# What test-user did lately: the example of the sample's README.
ACTIONS = {
    "PutRolePolicy": 16,
    "CreateRole": 10,
    "DeleteRolePolicy": 10,
    "DeleteRole": 8,
    "CreateStateMachine": 2,
    "DeleteStateMachine": 1,
    "StartExecution": 1,
}


def trail():
    """These actions as CloudTrail events, the last one first."""
    role = {
        "ResourceType": "AWS::IAM::Role",
        "ResourceName": "SomeResourceName",
    }
    for action, times in reversed(ACTIONS.items()):
        event = {
            "EventName": action,
            "Username": "test-user",
            "ageSeconds": 600,
            "Resources": [role] if "Role" in action else [],
        }
        yield from [event] * times


def say(text):
    print(f"\n{BOLD}{textwrap.fill(text, 80)}{PLAIN}\n", flush=True)


def show_key(sandbox):
    print(f"    user test-user, key {KEY}: {sandbox.key(KEY)}", flush=True)


def show_message(sandbox):
    """The newest notification, as a mail would have it."""
    subject, text = sandbox.published()[-1]
    for line in [f"Subject: {subject}", "", *text.expandtabs(4).splitlines()]:
        indent = line[: len(line) - len(line.lstrip())]
        for part in textwrap.wrap(
            line, 76, subsequent_indent=indent, break_on_hyphens=False
        ) or [""]:
            print(f"  | {part}".rstrip(), flush=True)


def keyguardctl(daemon, *words):
    """Runs it as an operator would; what it prints goes to the terminal."""
    print("$ keyguardctl", *words, flush=True)
    command = [BUILD / "keyguardctl", "-s", daemon.socket, *words]
    env = {**CLEAN, "TERM": os.environ.get("TERM", "dumb")}
    subprocess.run(command, cwd=daemon.folder, env=env, check=False)


def demo(sandbox, daemon):
    sandbox.load(users=[TEST_USER], events=list(trail()))
    daemon.start()
    say("An access key has been found in a public repository.")
    show_key(sandbox)

    say("AWS Health's event about it comes through the queue:")
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)
    [run] = daemon.list()
    keyguardctl(daemon, "show", run["name"])

    say("The key is dead:")
    show_key(sandbox)
    say("And security has been told:")
    show_message(sandbox)

    say(
        "The same event once more, by hand. The key is gone, IAM says so, and"
        " the failure path is taken:"
    )
    (daemon.folder / "event.json").write_text(events.seed(KEY))
    keyguardctl(daemon, "inject", "event.json", "--wait")
    say("Security has been told of that as well:")
    show_message(sandbox)


if __name__ == "__main__":
    try:
        with world() as (aws, guard):
            demo(aws, guard)
    except KeyboardInterrupt:
        sys.exit(130)
