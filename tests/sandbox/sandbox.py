# SPDX-License-Identifier: Apache-2.0
"""The sandbox as tests in Python use it: started, spoken to, ended.

Only the standard library. The program is KEYGUARD_SANDBOX, or where the build
folder that is the current one has it.
"""

import datetime
import hashlib
import hmac
import http.client
import json
import os
import ssl
import subprocess
import tempfile
import urllib.parse

PROGRAM = os.environ.get("KEYGUARD_SANDBOX", "tests/sandbox/keyguard-sandbox")
KEY_ID = "AKIAI44QH8DHBEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ACCOUNT = "123456789012"

# The user who signs below, in the form of the sandbox's state.
SIGNER = {"name": "daemon", "keys": [{"id": KEY_ID, "secret": SECRET}]}


class Sandbox:
    """A running sandbox, with TLS unless `plain`, and its admin paths."""

    def __init__(self, *options, plain=False):
        self.folder = tempfile.TemporaryDirectory()
        self.ca = os.path.join(self.folder.name, "ca.pem")
        kind = ["--plain"] if plain else ["--tls", "--ca-out", self.ca]
        self.process = subprocess.Popen(
            [PROGRAM, *kind, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ready = self.process.stdout.readline()
        assert ready, "the sandbox did not start"
        self.endpoint = json.loads(ready)["endpoint"]
        self.port = json.loads(ready)["port"]
        self.tls = None
        if not plain:
            self.tls = ssl.create_default_context(cafile=self.ca)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends it as its starter's death would; returns its exit status."""
        self.process.stdin.close()
        status = self.process.wait(10)
        self.process.stdout.close()
        self.folder.cleanup()
        return status

    def connect(self, timeout=10):
        """A connection to it, to be closed by the caller."""
        if self.tls is None:
            return http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=timeout)
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, context=self.tls)

    def admin(self, method, path, body=None):
        """Status and JSON document of an admin path."""
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        connection = self.connect(timeout=60)
        try:
            connection.request(method, "/_sandbox/" + path, body)
            answer = connection.getresponse()
            return answer.status, json.load(answer)
        finally:
            connection.close()

    def _done(self, *request):
        status, document = self.admin(*request)
        assert status == 200, document
        return document

    def state(self):
        return self._done("GET", "state")

    def calls(self, operation=None, first=1):
        """The log of calls from that number on, or of one operation's."""
        log = self._done("GET", f"calls?from={first}")
        return [call for call in log["calls"]
                if operation in (None, call.get("operation"))]

    def load(self, **state):
        return self._done("POST", "load", state)

    def faults(self, *rules):
        """Replaces all faults."""
        return self._done("POST", "faults", list(rules))

    def send(self, queue, body):
        return self._done("POST", "send-message?queue=" + queue, body)

    def certificate(self, kind):
        return self._done("POST", "certificate?kind=" + kind)

    def wait(self, timeout=10, **counters):
        """Until the counters are there, e.g. wait(published=1); a dot in a
        name is written as two underscores."""
        query = urllib.parse.urlencode(
            {name.replace("__", "."): n for name, n in counters.items()})
        return self._done("GET", f"wait?timeout={timeout}&{query}")


def signed(service, body, target=None, region="us-east-1", now=None):
    """Headers for a POST of `body` to a service, by Signature Version 4."""
    now = now or datetime.datetime.now(datetime.timezone.utc)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": "127.0.0.1", "x-amz-date": stamp}
    if target is not None:
        headers["x-amz-target"] = target
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        ["POST", "/", "", *(f"{n}:{headers[n]}" for n in sorted(headers)),
         "", names, hashlib.sha256(body.encode()).hexdigest()])
    scope = [stamp[:8], region, service, "aws4_request"]
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, "/".join(scope),
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + SECRET.encode()
    for part in [*scope, text]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{'/'.join(scope)}, "
        f"SignedHeaders={names}, Signature={key.hex()}")
    return headers
