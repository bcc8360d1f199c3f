# SPDX-License-Identifier: Apache-2.0
"""AWS Health events, and what the AWS sample says about them."""

import json
import pathlib

SEED = (
    pathlib.Path(__file__).parents[1] / "scenarios/events/seed.json"
).read_text(encoding="utf-8")

LINK = (
    "https://phd.aws.amazon.com/phd/home?region=us-east-1"
    "#/dashboard/open-issues"
)
ERROR_SUBJECT = "Security Alert: Exposed IAM Key - Error Deleting Key"
ERROR_TEXT = (
    "An error occured when attempting to delete an exposed IAM access key for"
    " one of your IAM users. Please login to your account and navigate to the"
    " Personal Health Dashboard for more details on this incident and how to"
    f" resolve it.\n\nPersonal Health Dashboard Link: {LINK}"
)
TIME = "2016-06-05T06:27:57Z"
ACCOUNT = "123456789012"


def seed(key):
    """The event of the sample's README, as text, for this key."""
    return SEED.replace("ACCESS_KEY_ID_HERE", key)


def health(*keys, number=1, **detail):
    """An event about these keys; another number, another finding."""
    event = json.loads(SEED)
    event["detail"].update(detail)
    event["detail"]["eventArn"] += str(number)
    event["detail"]["affectedEntities"] = [
        {"entityValue": key} for key in keys
    ]
    return event


def subject(user):
    return (
        f"Security Alert: Exposed IAM Key For User {user}"
        f" On Account {ACCOUNT}"
    )


def text(key, user, actions="\t", names="\t", types="\t"):
    """The sample's message, byte for byte."""
    return (
        f"At {TIME} the IAM access key {key} for user {user} on account"
        f" {ACCOUNT} was deleted after it was found to have been publicly"
        " exposed on the internet.\nBelow are summaries of the most recent"
        " actions, resource names, and resource types associated with this"
        f" user over the last 24 hours.\n\nActions:\n{actions}\n\nResource"
        f" Names:\n{names}\n\nResource Types:\n{types}\n\nThese are summaries"
        " of only the most recent API calls made by this user. Please ensure"
        " your account remains secure by further reviewing the API calls made"
        " by this user in CloudTrail."
    )
