# SPDX-License-Identifier: Apache-2.0
"""End to end against moto, an AWS that others wrote: the event goes in by
PutEvents, the key is gone from moto's IAM, the message comes out of a queue
that listens to the topic. moto has no LookupEvents; the sandbox answers it."""

import json
import urllib.request

import pytest

REGION = "us-east-1"
CODES = [
    "AWS_RISK_CREDENTIALS_COMPROMISED",
    "AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED",
    "AWS_RISK_CREDENTIALS_EXPOSED",
    "AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED",
    "AWS_RISK_IAM_QUARANTINE",
]


class Moto:
    """Rule, queue and topic as the README sets them up."""

    def __init__(self, url):
        self.url = url
        self.sqs, self.iam = self.client("sqs"), self.client("iam")
        self.sns, self.events = self.client("sns"), self.client("events")
        self.queue = self.sqs.create_queue(QueueName="keyguard")["QueueUrl"]
        inbox = self.sqs.create_queue(QueueName="inbox")["QueueUrl"]
        self.inbox = inbox
        self.topic = self.sns.create_topic(Name="SecurityNotificationTopic")[
            "TopicArn"
        ]
        self.sns.subscribe(
            TopicArn=self.topic, Protocol="sqs", Endpoint=self.arn(inbox)
        )
        self.events.put_rule(
            Name="exposed",
            EventPattern=json.dumps(
                {
                    "source": ["aws.health"],
                    "detail": {"eventTypeCode": CODES},
                }
            ),
        )
        self.events.put_targets(
            Rule="exposed", Targets=[{"Id": "q", "Arn": self.arn(self.queue)}]
        )

    def client(self, name):
        return pytest.importorskip("boto3").client(
            name,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="example",
        )

    def arn(self, queue):
        return self.sqs.get_queue_attributes(
            QueueUrl=queue, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]

    def user_with_key(self, name):
        self.iam.create_user(UserName=name)
        key = self.iam.create_access_key(UserName=name)
        return key["AccessKey"]["AccessKeyId"]

    def keys(self, user):
        return [
            key["AccessKeyId"]
            for key in self.iam.list_access_keys(UserName=user)[
                "AccessKeyMetadata"
            ]
        ]

    def put_event(self, *keys, code="AWS_RISK_CREDENTIALS_EXPOSED"):
        detail = {
            "eventArn": f"arn:aws:health:us-east-1::event/RISK/{code}/{code}_1",
            "service": "RISK",
            "eventTypeCode": code,
            "eventTypeCategory": "issue",
            "startTime": "Fri, 05 Jun 2026 15:10:09 GMT",
            "affectedEntities": [{"entityValue": key} for key in keys],
        }
        answer = self.events.put_events(
            Entries=[
                {
                    "Source": "aws.health",
                    "DetailType": "AWS Health Event",
                    "Detail": json.dumps(detail),
                }
            ]
        )
        assert answer["FailedEntryCount"] == 0

    def next_mail(self):
        """Waits for the next notification; returns (subject, text)."""
        messages = self.sqs.receive_message(
            QueueUrl=self.inbox, WaitTimeSeconds=20
        )["Messages"]
        self.sqs.delete_message(
            QueueUrl=self.inbox, ReceiptHandle=messages[0]["ReceiptHandle"]
        )
        envelope = json.loads(messages[0]["Body"])
        return envelope["Subject"], envelope["Message"]


@pytest.fixture
def moto():
    server = pytest.importorskip("moto.server").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    # All servers of one process have one state.
    urllib.request.urlopen(f"{url}/moto-api/reset", data=b"").close()
    yield Moto(url)
    server.stop()


@pytest.fixture
def sections(moto, sandbox):
    return {
        "aws": {
            "region": REGION,
            "endpoint_url": moto.url,
            "endpoint_url_cloudtrail": sandbox.endpoint,
            "ca_bundle": sandbox.ca,
        },
        "queue": {"url": moto.queue},
        "notify": {"topic_arn": moto.topic},
    }


def test_an_exposed_key_dies_and_security_hears_of_it(moto, daemon):
    key = moto.user_with_key("test-user")
    daemon.start()
    moto.put_event(key)
    subject, text = moto.next_mail()
    assert moto.keys("test-user") == []
    assert subject.startswith(
        "Security Alert: Exposed IAM Key For User test-user On Account"
    )
    assert f"the IAM access key {key} for user test-user" in text
    listed = daemon.ctl("list")["executions"]
    assert [run["accessKeyId"] for run in listed] == [key]
    assert listed[0]["outcome"] == "contained"


def test_five_keys_in_one_event(moto, daemon):
    users = [f"user-{i}" for i in range(5)]
    keys = [moto.user_with_key(user) for user in users]
    daemon.start()
    moto.put_event(*keys)
    texts = [moto.next_mail()[1] for _ in keys]
    for user, key in zip(users, keys):
        assert moto.keys(user) == []
        assert sum(key in text for text in texts) == 1


def test_a_key_that_is_not_there_ends_uncontained(moto, daemon):
    daemon.start()
    moto.put_event("AKIAIOSFODNN7NOTHERE")
    subject, text = moto.next_mail()
    assert subject == "Security Alert: Exposed IAM Key - Error Deleting Key"
    assert text.startswith("An error occured when attempting to delete")
    assert "AKIAIOSFODNN7NOTHERE" in text


def test_inject_does_the_same_from_a_file(moto, daemon, tmp_path):
    key = moto.user_with_key("test-user")
    other = moto.user_with_key("bystander")
    daemon.start()
    event = tmp_path / "event.json"
    event.write_text(
        json.dumps(
            {
                "source": "aws.health",
                "time": "2026-06-05T06:27:57Z",
                "detail": {
                    "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED",
                    "affectedEntities": [{"entityValue": key}],
                },
            }
        )
    )
    daemon.ctl("inject", event, "--wait")
    assert moto.keys("test-user") == []
    assert moto.keys("bystander") == [other]
    moto.next_mail()
    daemon.ctl("inject", event, "--wait", status=1)
    assert moto.next_mail()[0].endswith("Error Deleting Key")
