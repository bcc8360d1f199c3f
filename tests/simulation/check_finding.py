# SPDX-License-Identifier: Apache-2.0
"""What a message is about: the executions that it starts, by the names that
they must have, or why it is refused."""

import hashlib
import json
import re

CODES = (
    "AWS_RISK_CREDENTIALS_COMPROMISED",
    "AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED",
    "AWS_RISK_CREDENTIALS_EXPOSED",
    "AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED",
    "AWS_RISK_IAM_QUARANTINE",
)
KEY_ID = re.compile(r"[A-Za-z0-9_]{16,128}")
ACCOUNT_ID = re.compile(r"[0-9]{12}")


class Refused(Exception):
    """By this name of an error."""


class Started:
    """An execution: what it is about, and why it cannot act."""

    def __init__(self, account, subject, parts, key=None, error=None):
        digest = hashlib.sha256(b"".join(parts)).hexdigest()
        self.name = f"{account}-{subject[:20]}-{digest[:12]}"
        self.account = account
        self.key = key
        self.error = error


class Finding:
    """`started` is what it starts as a message of the queue, `refused` the
    error by which it is refused, or None."""

    def __init__(self, text):
        self.started = []
        self.refused = None
        self.affected = None
        try:
            self.read(text)
        except Refused as why:
            self.refused = str(why)
            if self.refused != "Finding.OtherEvent" and suspected(text):
                parts = [text.encode()]
                error = "Finding.Unreadable"
                self.started = [
                    Started("unknown", "Unreadable", parts, error=error)
                ]
        self.keys = {it.key for it in self.started if it.key is not None}

    def read(self, text):
        event = parse(text)
        if event.get("Type") == "Notification" and isinstance(
            event.get("Message"), str
        ):
            event = parse(event["Message"])
        source = event.get("source")
        said(source, text)
        if source != "aws.health":
            raise Refused("Finding.OtherEvent")
        check_types(event)
        detail = event["detail"]
        said(detail.get("eventTypeCode"), text)
        if detail.get("eventTypeCode") not in CODES:
            raise Refused("Finding.OtherEvent")
        self.start(event, detail)

    def start(self, event, detail):
        account = self.account(event, detail)
        arn = detail.get("eventArn", "")
        communication = communication_of(detail)
        values = [
            entity.get("entityValue") if isinstance(entity, dict) else entity
            for entity in detail.get("affectedEntities", [])
        ]

        def parts(key, *more):
            words = (account, key, arn, communication) + more
            return [word.encode() + b"\0" for word in words]

        keys = [v for v in values if is_key(v)]
        for key in dict.fromkeys(keys):
            self.started.append(Started(account, key, parts(key), key))
        bad = sorted({shown(v) for v in values if not is_key(v)})
        if bad or not keys:
            code = "BadKeyId" if bad else "NoEntity"
            self.started.append(
                Started(
                    account,
                    code,
                    parts("", *bad),
                    error=f"Finding.{code}",
                )
            )

    def account(self, event, detail):
        """The victim's, else the receiver's."""
        affected = detail.get("affectedAccount", "")
        receiver = event.get("account", "")
        if affected:
            if not ACCOUNT_ID.fullmatch(affected):
                raise Refused("Finding.Malformed")
            self.affected = affected
            return affected
        return receiver if ACCOUNT_ID.fullmatch(receiver) else "unknown"


def parse(text):
    try:
        event = json.loads(text)
    except ValueError:
        raise Refused("Finding.Malformed") from None
    if not isinstance(event, dict):
        raise Refused("Finding.Malformed")
    return event


def suspected(text):
    return any(code in text for code in CODES)


def said(value, text):
    """What should say whose or what it is, does not, and has a code in it."""
    if not isinstance(value, str) and suspected(text):
        raise Refused("Finding.Malformed")


def check_types(event):
    detail = event.get("detail")
    if not isinstance(detail, dict):
        raise Refused("Finding.Malformed")
    if not isinstance(detail.get("affectedEntities", []), list):
        raise Refused("Finding.Malformed")
    strings = [event.get("account", "")] + [
        detail.get(name, "")
        for name in (
            "affectedAccount",
            "communicationId",
            "eventArn",
            "eventTypeCode",
        )
    ]
    if not all(isinstance(value, str) for value in strings):
        raise Refused("Finding.Malformed")


def communication_of(detail):
    """Pages of one communication are one."""
    communication = detail.get("communicationId", "")
    if "page" in detail:
        communication = communication.removesuffix(f"-{detail['page']}")
    return communication


def is_key(value):
    return isinstance(value, str) and KEY_ID.fullmatch(value) is not None


def shown(value):
    """An entity that is no key, as its execution has it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text[:64] if text else "(empty)"


def name_after(name):
    """Of the execution that retries this one by itself."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"{name.rpartition('-')[0]}-{digest[:12]}"
