# SPDX-License-Identifier: Apache-2.0
"""The sandbox as the AWS of a daemon: with a queue, a topic and ourselves in
it, and what a test wants to know of them."""

import json
import pathlib
import sys

from daemon import BUILD, KEY_ID, SECRET

sys.path.append(str(pathlib.Path(__file__).parents[1] / "sandbox"))
import sandbox  # noqa: E402

sandbox.PROGRAM = BUILD / "tests/sandbox/keyguard-sandbox"

TOPIC = f"arn:aws:sns:us-east-1:{sandbox.ACCOUNT}:SecurityNotificationTopic"
AT_FIRST = {
    "users": [
        {"name": "keyguard", "keys": [{"id": KEY_ID, "secret": SECRET}]}
    ],
    "queues": [{"name": "keyguard"}],
    "topics": [{"arn": TOPIC}],
}


def key_id(number):
    return f"AKIAEXPOSED{number:09}"


def user(name, *keys):
    return {"name": name, "keys": [{"id": key} for key in keys]}


class Aws(sandbox.Sandbox):
    """A sandbox over TLS."""

    def __init__(self, *options):
        super().__init__(*map(str, options))
        self.load(**AT_FIRST)

    def sections(self):
        """What the configuration of a daemon says of it."""
        return {
            "aws": {
                "region": "us-east-1",
                "endpoint_url": self.endpoint,
                "ca_bundle": self.ca,
            },
            "queue": {"url": f"{self.endpoint}/{sandbox.ACCOUNT}/keyguard"},
            "notify": {"topic_arn": TOPIC},
        }

    def send(self, body, queue="keyguard"):
        """Puts a message into the queue: text, or a document."""
        text = body if isinstance(body, str) else json.dumps(body)
        return super().send(queue, text.encode())

    def send_bytes(self, body, queue="keyguard"):
        return super().send(queue, body)

    def wait(self, timeout=50, **counters):
        return super().wait(timeout, **counters)

    def counters(self):
        return super().wait()

    def key(self, wanted):
        """ "Active", "Inactive" or "Deleted"; None when it never was."""
        for owner in self.state()["users"]:
            for key in owner["keys"]:
                if key["id"] == wanted:
                    return key["status"]
        return None

    def published(self):
        """The notifications, in order, as (subject, text)."""
        return [
            (message["subject"], message["message"])
            for topic in self.state()["topics"]
            for message in topic["published"]
        ]
