# SPDX-License-Identifier: Apache-2.0
"""Traces made by hand, for tests of the checker: each step adds what would be
in a trace, as long as the daemon and AWS do as they should."""

import json

from check_finding import Finding
from check_table import DELETE, NOTIFY, STATES, SUMMARIZE

ACCOUNT = "123456789012"
KEY = "AKIAIOSFODNN7EXAMPLE"
START = 1_780_000_000_000
HOUR = 3_600_000


def finding(key=KEY, number=1):
    return {
        "source": "aws.health",
        "account": ACCOUNT,
        "detail": {
            "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED",
            "eventArn": f"arn:{number}",
            "affectedEntities": [{"entityValue": key}],
        },
    }


class Run:
    """One execution, step by step."""

    def __init__(self, story, name, origin, key, body):
        self.story = story
        self.events = []
        self.key = key
        self.doc = {
            "name": name,
            "account": ACCOUNT,
            "key": key,
            "status": "RUNNING",
            "started": story.now,
            "due": 0,
            "retries": 0,
            "events": self.events,
        }
        story.doc["end"]["executions"].append(self.doc)
        self.event("ExecutionStarted", resource=origin, data=json.dumps(body))
        self.enter(DELETE)

    def event(self, kind, state=None, **more):
        event = {"id": len(self.events) + 1, "at": self.story.now}
        event.update(type=kind, **more)
        if state is not None:
            event["state"] = state
        self.events.append(event)
        return event

    # ---- states ----

    def enter(self, state):
        self.state = state
        self.event("TaskStateEntered", state)
        self.schedule()

    def schedule(self, started=True):
        resource = STATES[self.state].resource
        self.event("TaskScheduled", self.state, resource=resource)
        if started:
            self.event("TaskStarted", self.state, resource=resource)

    def fail(self, error, pause=None):
        """An attempt has failed; the next begins after a pause."""
        self.event("TaskFailed", self.state, error=error)
        if pause is not None:
            self.story.pass_ms(pause)
            self.schedule()

    def leave(self, path, to, outcome=None):
        self.event("TaskStateExited", self.state, path=path)
        if outcome is not None:
            self.doc["outcome"] = outcome
        self.enter(to)

    def succeed(self, **result):
        self.event("TaskSucceeded", self.state, data=json.dumps(result))

    # ---- what is done in them ----

    def look_up(self, key=None, **more):
        parameters = {"AccessKeyId": key or self.key}
        self.story.call("IAM", "GetAccessKeyLastUsed", parameters, **more)

    def intend(self, user="alice"):
        intent = {"AccessKeyId": self.key, "UserName": user}
        self.event("TaskSubmitted", DELETE, data=json.dumps(intent))
        self.doc["user"] = user
        self.intent = {
            "execution": self.doc["name"],
            "key": self.key,
            "intent": json.dumps(intent),
        }

    def delete(self, user="alice", intents=None, **more):
        parameters = {"AccessKeyId": self.key, "UserName": user}
        intents = [self.intent] if intents is None else intents
        return self.story.call(
            "IAM", "DeleteAccessKey", parameters, intents=intents, **more
        )

    def contain(self):
        """The key is looked up and deleted, and that is on record."""
        self.look_up()
        self.intend()
        call = self.delete()
        self.story.doc["end"]["keys"][self.key] = "Deleted"
        self.succeed(RequestId=call["requestId"])
        self.leave("$.deletion", SUMMARIZE, "contained")

    def summarize(self):
        self.story.call("CloudTrail", "LookupEvents", {})
        self.succeed(Events=0, RequestId="s")
        self.leave("$.summary", NOTIFY)

    def publish(self, kind="deleted", **more):
        subject, text = {
            "deleted": (
                "Security Alert: Exposed IAM Key For User alice On Account "
                f"{ACCOUNT}",
                f"the IAM access key {self.key} for user alice on account 1",
            ),
            "failed": (
                "Security Alert: Exposed IAM Key - Error Deleting Key",
                "An error occured",
            ),
        }[kind]
        text += f"\n\nExecution:      {self.doc['name']}\n"
        parameters = {"Subject": subject, "Message": text}
        return self.story.call("SNS", "Publish", parameters, **more)

    def tell(self, kind="deleted", **more):
        """It is told, and that was all."""
        call = self.publish(kind, **more)
        self.succeed(MessageId="m", RequestId=call["requestId"])
        self.end()

    def go_well(self):
        self.contain()
        self.summarize()
        self.tell()

    def end(self):
        self.event("TaskStateExited", NOTIFY, path="$.notification")
        self.stop("ExecutionSucceeded")

    def stop(self, kind, **more):
        self.event(kind, **more)
        self.doc["status"] = kind.removeprefix("Execution").upper()
        self.doc["stopped"] = self.story.now


class Story:
    """A trace that begins with the start of the daemon."""

    def __init__(self, **config):
        self.now = START
        self.records = []
        self.count = 0
        self.doc = {
            "seed": 1,
            "started": START,
            "account": ACCOUNT,
            "own_key": "AKIAOWNOWNOWNOWNOWNO",
            "root_key": "AKIAROOTROOTROOTROOT",
            "users": {"alice": [KEY, "AKIASECONDSECONDSECO"]},
            "config": {
                "action": "delete",
                "protected_users": [],
                "protected_keys": [],
                "max_per_window": 50,
                "window_ms": 600_000,
                "hold_timeout_ms": HOUR,
                "retention_ms": 90 * 24 * HOUR,
                **config,
            },
            "records": self.records,
            "end": {
                "queue": [],
                "dead": [],
                "keys": {KEY: "Active"},
                "status": {"state": "running"},
                "log_lines": 20,
                "executions": [],
            },
        }
        self.record("daemon", "started")

    def record(self, what, value):
        self.records.append({"at": self.now, what: value})

    def pass_ms(self, ms):
        self.now += ms

    def call(self, service, operation, parameters, **more):
        """It takes 20 ms, and is answered well unless that is said."""
        self.count += 1
        doc = {
            "n": self.count,
            "service": service,
            "operation": operation,
            "parameters": parameters,
            "arrived": self.now + 10,
            "acted": True,
            "status": 200,
            "requestId": f"request-{self.count}",
            "ended": self.now + 20,
            "answered": True,
            **more,
        }
        self.record("call", doc)
        self.pass_ms(20)
        return doc

    def receive(self, message="m1", body=None):
        """A message comes, and its execution begins."""
        body = finding() if body is None else body
        self.record("sent", {"message": message, "body": body})
        self.call("SQS", "ReceiveMessage", {}, messages=[message])
        started = Finding(json.dumps(body)).started[0]
        return Run(self, started.name, f"sqs:{message}", started.key, body)

    def acknowledge(self, *messages):
        durable = {
            "executions": [
                {
                    name: run[name]
                    for name in ("name", "account", "key", "status")
                }
                for run in self.doc["end"]["executions"]
            ],
            "rejected": [],
        }
        self.call(
            "SQS",
            "DeleteMessageBatch",
            {},
            messages=list(messages),
            durable=durable,
        )

    def crash(self):
        self.record("crash", {"place": "here", "lost": "none"})
        self.record("daemon", "started")

    def end(self, after=1000):
        self.doc["calm"] = self.now
        self.doc["ended"] = self.now + after
        return self.doc
