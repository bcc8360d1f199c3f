# SPDX-License-Identifier: Apache-2.0
"""The machine as its contract has it: which state follows which, who retries
and who catches what, and what is said in the end. Written from the manual
pages and from AWS's documentation, not from the daemon's table, so that a slip
there shows."""

DELETE = "DeleteAccessKeyPair"
SUMMARIZE = "LookupCloudTrailEvents"
NOTIFY = "NotifySecurity"

CONTAINED, UNCONTAINED = "contained", "uncontained"
RESTARTED = "Daemon.Restarted"
HELD = "Response.Held"
TOO_MANY = "Response.TooMany"
SPARED = {
    "Response.NotifyOnly",
    "Response.ProtectedUser",
    "Response.ProtectedKey",
}
UNKNOWN_KEY = {"IAM.AccessDenied", "IAM.NoSuchEntity"}
ENDED = {"SUCCEEDED", "FAILED", "ABORTED"}

# ---- what errors are worth another try ----

THROTTLED_CODES = {
    "Throttling",
    "ThrottlingException",
    "Throttled",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
}
PASSING_CODES = {
    "InternalFailure",
    "InternalError",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "InternalServerError",
    "ServiceFailure",
    "RequestTimeout",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
}
PASSING = {
    "States.Timeout",
    "Aws.NoCredentials",
    "Aws.MalformedAnswer",
    "Http.NameNotResolved",
    "Http.ConnectFailed",
    "Http.TlsFailed",
    "Http.Timeout",
    "Http.Reset",
    "Http.Malformed",
}


def is_throttled(error):
    service, _, code = error.partition(".")
    if service == "Http":
        return code == "Status429"
    return service in ("IAM", "CloudTrail", "SNS") and code in THROTTLED_CODES


def is_passing(error):
    service, _, code = error.partition(".")
    if service == "Http" and code.startswith("Status"):
        return code != "Status429"
    return (
        error in PASSING
        or service == "Store"
        or (service in ("IAM", "CloudTrail", "SNS") and code in PASSING_CODES)
    )


def is_either(error):
    return is_throttled(error) or is_passing(error)


# ---- states ----


class Retrier:
    def __init__(self, matches, interval, most, attempts, jitter):
        self.matches = matches
        self.interval = interval
        self.most = most
        self.attempts = attempts
        self.jitter = jitter

    def longest_ms(self, n):
        """The pause before its n-th try, without jitter."""
        return longest_ms(self.interval, self.most, n)


def longest_ms(interval, most, n):
    return min(interval << min(n - 1, 20), most) * 1000


class State:
    def __init__(self, name, resource, timeout, path, retry):
        self.name = name
        self.resource = resource
        self.timeout_ms = timeout * 1000
        self.path = path
        self.retry = retry


STATES = {
    state.name: state
    for state in (
        State(
            DELETE,
            "iam:deleteAccessKey",
            15,
            "$.deletion",
            [
                Retrier(is_throttled, 1, 10, 20, True),
                Retrier(is_passing, 1, 10, 8, True),
            ],
        ),
        State(
            SUMMARIZE,
            "cloudtrail:lookupEvents",
            60,
            "$.summary",
            [Retrier(is_either, 2, 20, 5, True)],
        ),
        State(
            NOTIFY,
            "sns:publish",
            15,
            "$.notification",
            [Retrier(is_either, 1, 60, 20, False)],
        ),
    )
}


class Way:
    """Out of a state: where to, what is kept where, and what that means."""

    def __init__(self, to, path, outcome=None, again=False):
        self.to = to
        self.path = path
        self.outcome = outcome
        self.again = again


def way_on(state):
    """After success."""
    return {
        DELETE: Way(SUMMARIZE, "$.deletion", CONTAINED),
        SUMMARIZE: Way(NOTIFY, "$.summary"),
        NOTIFY: Way(None, "$.notification"),
    }[state]


def way_out(state, error):
    """After a failure that is not retried (any more). None: it FAILED."""
    if state == SUMMARIZE:
        return Way(NOTIFY, "$.summary-error")
    if state == NOTIFY:
        return None
    if error in SPARED:
        return Way(SUMMARIZE, "$.untouched", UNCONTAINED)
    return Way(NOTIFY, "$.error-info", UNCONTAINED, is_either(error))


def redrive_ms(n):
    """Before what failed for the n-th time goes on by itself."""
    return longest_ms(300, 3600, n)
