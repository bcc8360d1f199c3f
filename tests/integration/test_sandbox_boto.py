# SPDX-License-Identifier: Apache-2.0
"""AWS's own SDK against the sandbox: an independent judge of the shapes on the
wire and of the check of signatures. boto3 knows nothing of our code.
"""

import datetime
import hashlib
import json
import os
import sys

import pytest

boto3 = pytest.importorskip("boto3")
config = pytest.importorskip("botocore.config")
exceptions = pytest.importorskip("botocore.exceptions")

sys.path.insert(
    0, os.path.join(os.path.dirname(__file__), os.pardir, "sandbox"))
from sandbox import ACCOUNT, KEY_ID, SECRET, SIGNER, Sandbox  # noqa: E402

QUEUE = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alarm"
EXPOSED = "AKIAIOSFODNN7EXAMPLE"
USER = "jürgen+o'neil@example.com"
USED = datetime.datetime(2026, 7, 21, 16, 2, tzinfo=datetime.timezone.utc)


@pytest.fixture(name="sandbox")
def running_sandbox():
    with Sandbox() as sandbox:
        sandbox.load(
            users=[SIGNER,
                   {"name": USER, "keys": [
                       {"id": EXPOSED, "lastUsed": {
                           "date": USED.isoformat(), "service": "s3",
                           "region": "us-west-2"}}]}],
            queues=[{"name": "q", "visibilityTimeout": 60,
                     "messages": ["première"]}],
            topics=[{"arn": TOPIC}])
        yield sandbox


def client(sandbox, service, retries=0, **options):
    settings = {"region_name": "us-east-1", "aws_access_key_id": KEY_ID,
                "aws_secret_access_key": SECRET, **options}
    return boto3.client(
        service, endpoint_url=sandbox.endpoint, verify=sandbox.ca,
        config=config.Config(
            retries={"total_max_attempts": 1 + retries, "mode": "standard"}),
        **settings)


def refused(call, **parameters):
    """Code, status and message of the error."""
    with pytest.raises(exceptions.ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["RequestId"]
    return (answer["Error"]["Code"],
            answer["ResponseMetadata"]["HTTPStatusCode"],
            answer["Error"]["Message"])


def test_sts(sandbox):
    who = client(sandbox, "sts").get_caller_identity()
    assert who["Account"] == ACCOUNT
    assert who["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/daemon"
    assert who["UserId"]
    # The header is a date that botocore can read, and the true one.
    date = who["ResponseMetadata"]["HTTPHeaders"]["date"]
    sent = datetime.datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT")
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert abs(now - sent) < datetime.timedelta(seconds=60)


def test_iam(sandbox):
    iam = client(sandbox, "iam")
    last = iam.get_access_key_last_used(AccessKeyId=EXPOSED)
    assert last["UserName"] == USER
    assert last["AccessKeyLastUsed"] == {
        "LastUsedDate": USED, "ServiceName": "s3", "Region": "us-west-2"}
    iam.update_access_key(
        UserName=USER, AccessKeyId=EXPOSED, Status="Inactive")
    listed = iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]
    assert [(key["UserName"], key["AccessKeyId"], key["Status"])
            for key in listed] == [(USER, EXPOSED, "Inactive")]
    iam.delete_access_key(UserName=USER, AccessKeyId=EXPOSED)
    assert iam.list_access_keys(UserName=USER)["AccessKeyMetadata"] == []
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_access_key(UserName=USER, AccessKeyId=EXPOSED)
    assert refused(iam.get_access_key_last_used, AccessKeyId=EXPOSED)[:2] == (
        "AccessDenied", 403)
    sandbox.load(emulator=True)
    assert refused(iam.get_access_key_last_used, AccessKeyId=EXPOSED)[:2] == (
        "NoSuchEntity", 404)


def test_iam_takes_the_signers_user(sandbox):
    iam = client(sandbox, "iam")
    iam.delete_access_key(AccessKeyId=KEY_ID)
    assert refused(iam.list_access_keys)[:2] == ("InvalidClientTokenId", 403)


def test_sqs(sandbox):
    sqs = client(sandbox, "sqs")
    assert sqs.get_queue_url(QueueName="q")["QueueUrl"] == QUEUE
    first, = sqs.receive_message(
        QueueUrl=QUEUE, MessageSystemAttributeNames=["All"])["Messages"]
    assert first["Body"] == "première"
    assert first["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "Messages" not in sqs.receive_message(QueueUrl=QUEUE)
    sqs.change_message_visibility(
        QueueUrl=QUEUE, ReceiptHandle=first["ReceiptHandle"],
        VisibilityTimeout=0)
    again, = sqs.receive_message(QueueUrl=QUEUE)["Messages"]
    assert again["MessageId"] == first["MessageId"]
    assert again["ReceiptHandle"] != first["ReceiptHandle"]
    # The old handle is no error, and does nothing.
    sqs.delete_message(
        QueueUrl=QUEUE, ReceiptHandle=first["ReceiptHandle"])
    attributes = sqs.get_queue_attributes(
        QueueUrl=QUEUE, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert attributes["QueueArn"] == f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
    assert sqs.delete_message_batch(QueueUrl=QUEUE, Entries=[
        {"Id": "good", "ReceiptHandle": again["ReceiptHandle"]},
        {"Id": "bad", "ReceiptHandle": "nonsense"}])["Failed"][0][
            "Code"] == "ReceiptHandleIsInvalid"
    assert sandbox.state()["queues"][0]["messages"] == []
    assert sqs.send_message(QueueUrl=QUEUE, MessageBody="x")["MessageId"]


def test_sqs_errors_in_both_spellings(sandbox):
    sqs = client(sandbox, "sqs")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as caught:
        sqs.receive_message(QueueUrl=QUEUE + "x")
    assert caught.value.response["Error"]["Code"] == (
        "AWS.SimpleQueueService.NonExistentQueue")
    assert caught.value.response["Error"]["QueryErrorCode"] == (
        "QueueDoesNotExist")
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=QUEUE, ReceiptHandle="nonsense")
    with pytest.raises(sqs.exceptions.EmptyBatchRequest):
        sqs.delete_message_batch(QueueUrl=QUEUE, Entries=[])
    assert refused(sqs.receive_message, QueueUrl=QUEUE,
                   MaxNumberOfMessages=11)[0] == "InvalidParameterValue"
    sandbox.load(queues=[{"name": "q", "maxInFlight": 0}])
    with pytest.raises(sqs.exceptions.OverLimit):
        sqs.receive_message(QueueUrl=QUEUE)


def test_sqs_long_poll(sandbox):
    sandbox.load(queues=[{"name": "empty"}])
    sqs = client(sandbox, "sqs")
    assert "Messages" not in sqs.receive_message(
        QueueUrl=QUEUE.replace("/q", "/empty"), WaitTimeSeconds=1)
    assert sandbox.wait(SQS__ReceiveMessage=1)["parked"] == 0


def test_sns(sandbox):
    sns = client(sandbox, "sns")
    sent = sns.publish(
        TopicArn=TOPIC, Subject="Überschrift", Message="a\n\tb & <c>\n")
    topic, = sandbox.state()["topics"]
    published, = topic["published"]
    assert published["messageId"] == sent["MessageId"]
    assert published["subject"] == "Überschrift"
    assert published["message"] == "a\n\tb & <c>\n"
    with pytest.raises(sns.exceptions.NotFoundException):
        sns.publish(TopicArn=TOPIC + "x", Message="m")
    with pytest.raises(sns.exceptions.InvalidParameterException) as caught:
        sns.publish(TopicArn=TOPIC, Subject="x" * 100, Message="m")
    assert caught.value.response["Error"]["Message"] == (
        "Invalid parameter: Subject")


def test_cloudtrail(sandbox):
    sandbox.load(events=[
        {"EventName": f"Call{i}", "Username": USER, "ageSeconds": i,
         "EventSource": "s3.amazonaws.com", "ReadOnly": "true",
         "Resources": [{"ResourceType": "AWS::S3::Bucket",
                        "ResourceName": f"b{i}"}]}
        for i in range(120)] + [{"EventName": "Other", "Username": "bob"}])
    trail = client(sandbox, "cloudtrail")
    by_user = {"LookupAttributes": [
        {"AttributeKey": "Username", "AttributeValue": USER}]}
    pages = list(trail.get_paginator("lookup_events").paginate(**by_user))
    assert [len(page["Events"]) for page in pages] == [50, 50, 20]
    events = [event for page in pages for event in page["Events"]]
    assert [event["EventName"] for event in events] == [
        f"Call{i}" for i in range(120)]
    assert events[0]["Resources"] == [
        {"ResourceType": "AWS::S3::Bucket", "ResourceName": "b0"}]
    assert json.loads(events[0]["CloudTrailEvent"])["eventName"] == "Call0"
    late = trail.lookup_events(
        StartTime=datetime.datetime.now() - datetime.timedelta(seconds=60),
        **by_user)
    assert 50 <= len(late["Events"]) <= 61
    with pytest.raises(trail.exceptions.InvalidNextTokenException):
        trail.lookup_events(NextToken=pages[0]["NextToken"])
    with pytest.raises(trail.exceptions.InvalidTimeRangeException):
        trail.lookup_events(StartTime=2, EndTime=1)


@pytest.mark.parametrize("service, call, parameters, status", [
    ("sts", "get_caller_identity", {}, 403),
    ("iam", "list_access_keys", {}, 403),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "m"}, 403),
    ("sqs", "receive_message", {"QueueUrl": QUEUE}, 403),
    ("cloudtrail", "lookup_events", {}, 400)])
def test_bad_signatures(sandbox, service, call, parameters, status):
    json_codes = service == "cloudtrail"
    wrong = client(sandbox, service, aws_secret_access_key="wrong")
    code, came, message = refused(getattr(wrong, call), **parameters)
    assert code == ("InvalidSignatureException" if json_codes
                    else "SignatureDoesNotMatch")
    assert came == status and "signature" in message
    unknown = client(sandbox, service, aws_access_key_id="AKIA" + "X" * 16)
    assert refused(getattr(unknown, call), **parameters)[0] == (
        "UnrecognizedClientException" if json_codes
        else "InvalidClientTokenId")
    stray = client(sandbox, service, aws_session_token="stray")
    assert refused(getattr(stray, call), **parameters)[0] == (
        "UnrecognizedClientException" if json_codes
        else "InvalidClientTokenId")
    sandbox.load(clockSkewSeconds=3600)
    message = refused(getattr(client(sandbox, service), call), **parameters)[2]
    assert message.startswith("Signature expired: ")


def test_session_credentials(sandbox):
    soon = datetime.datetime.now(datetime.timezone.utc)
    session = {"kind": "role", "name": "guard/session", "keys": [
        {"id": "ASIAEXAMPLEEXAMPLE00", "token": "to+ken/=",
         "expires": (soon + datetime.timedelta(hours=1)).isoformat()}]}
    sandbox.load(users=[session])
    sts = client(sandbox, "sts", aws_access_key_id="ASIAEXAMPLEEXAMPLE00",
                 aws_session_token="to+ken/=")
    assert sts.get_caller_identity()["Arn"] == (
        f"arn:aws:sts::{ACCOUNT}:assumed-role/guard/session")
    session["keys"][0]["expires"] = soon.isoformat()
    sandbox.load(users=[session])
    assert refused(sts.get_caller_identity)[:2] == ("ExpiredToken", 403)


def test_throttling_and_what_botocore_makes_of_it(sandbox):
    """Its retries are the judge: it must know these for what they are."""
    sandbox.faults({"service": "IAM", "do": "throttle", "count": 1},
                   {"service": "SQS", "do": "throttle", "count": 1},
                   {"service": "CloudTrail", "do": "throttle", "count": 1},
                   {"service": "STS", "do": "reset", "count": 1},
                   {"service": "SNS", "do": "html", "count": 1})
    client(sandbox, "iam", retries=1).list_access_keys()
    client(sandbox, "sqs", retries=1).receive_message(QueueUrl=QUEUE)
    client(sandbox, "cloudtrail", retries=1).lookup_events()
    client(sandbox, "sts", retries=1).get_caller_identity()
    client(sandbox, "sns", retries=1).publish(TopicArn=TOPIC, Message="m")
    assert [call["status"] for call in sandbox.calls("ListAccessKeys")] == [
        400, 200]
    assert len(sandbox.calls()) == 10


def test_checksums(sandbox):
    """botocore looks at none."""
    sqs = client(sandbox, "sqs")
    right = hashlib.md5("première".encode()).hexdigest()
    message, = sqs.receive_message(
        QueueUrl=QUEUE, VisibilityTimeout=0)["Messages"]
    assert message["MD5OfBody"] == right
    sandbox.faults({"do": "wrong-md5"})
    message, = sqs.receive_message(QueueUrl=QUEUE)["Messages"]
    assert message["MD5OfBody"] != right
    sent = sqs.send_message(QueueUrl=QUEUE, MessageBody="première")
    assert sent["MD5OfMessageBody"] == right
