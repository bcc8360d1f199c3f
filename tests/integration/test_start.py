# SPDX-License-Identifier: Apache-2.0
"""What AWS and its certificates are like when the daemon starts."""

import signal
import ssl
import subprocess
import time

import pytest

import events
from daemon import CLEAN, WRAP
from aws import key_id, user

KEY = key_id(0)


def test_a_queue_that_is_not_there_ends_it_with_the_reason(sandbox, daemon):
    url = daemon.sections["queue"]["url"]
    daemon.configure({"queue": {"url": url + "-not"}})
    daemon.start(wait=False)
    assert daemon.end() == 1
    assert "SQS.QueueDoesNotExist" in str(daemon.log)
    assert not daemon.socket.exists()


def test_a_queue_that_is_denied_ends_it_with_the_reason(sandbox, daemon):
    sandbox.load(
        faults=[
            {
                "do": "error",
                "service": "SQS",
                "status": 403,
                "code": "AccessDeniedException",
            }
        ]
    )
    daemon.start(wait=False)
    assert daemon.end() == 1
    assert "SQS.AccessDenied" in str(daemon.log)


def test_credentials_that_come_later_are_taken(sandbox, make_daemon):
    daemon = make_daemon(
        env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    )
    path = daemon.folder / "credentials"
    daemon.env["AWS_SHARED_CREDENTIALS_FILE"] = str(path)
    sandbox.load(users=[user("test-user", KEY)])
    sandbox.send(events.seed(KEY))
    daemon.start(wait=False)
    daemon.logged("Aws.NoCredentials")
    status = daemon.ctl("status", status=1)
    assert status["state"] == "degraded"
    assert any("credentials" in reason for reason in status["reasons"])

    path.write_text(
        "[default]\n"
        f"aws_access_key_id = {CLEAN['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {CLEAN['AWS_SECRET_ACCESS_KEY']}\n",
        encoding="utf-8",
    )
    daemon.process.send_signal(signal.SIGHUP)
    sandbox.wait(acknowledged=1)
    assert sandbox.key(KEY) == "Deleted"
    status = daemon.ctl("status")
    assert (status["state"], status["reasons"]) == ("running", [])
    assert status["credentials"]["account"] == events.ACCOUNT


def test_a_service_that_does_not_answer_delays_readiness_10_s_at_most(
    sandbox, daemon
):
    sandbox.faults({"do": "hang", "service": "SQS"})
    began = time.monotonic()
    daemon.start()
    assert 9 < time.monotonic() - began < 15
    assert daemon.stop() == 0


@pytest.mark.parametrize(
    "kind, fault",
    [
        ("other-host", "hostname mismatch"),
        ("expired", "certificate has expired"),
        ("not-yet", "certificate is not yet valid"),
        ("self-signed", "self-signed certificate"),
    ],
)
def test_a_bad_certificate_is_refused_and_a_good_one_taken(
    sandbox, daemon, kind, fault
):
    sandbox.load(users=[user("test-user", KEY)])
    # We ourselves need not trust it.
    sandbox.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    sandbox.tls.check_hostname = False
    sandbox.tls.verify_mode = ssl.CERT_NONE
    sandbox.certificate(kind)
    daemon.start(wait=False)
    line = daemon.logged("queue")
    assert f"Http.CertificateRefused: 127.0.0.1: {fault}" in line
    assert daemon.ctl("status", status=1)["state"] == "degraded"
    # No key is deleted over it, nobody told, and the history says why.
    [run] = daemon.inject(events.seed(KEY), "--wait", status=1)
    assert (run["status"], run["outcome"]) == ("FAILED", "uncontained")
    failures = [
        event["taskFailedEventDetails"]
        for event in daemon.show(run["name"])["events"]
        if event["type"] == "TaskFailed"
    ]
    assert [(failure["error"], failure["cause"]) for failure in failures] == [
        ("Http.CertificateRefused", f"127.0.0.1: {fault}")
    ] * 2
    sandbox.certificate("good")
    sandbox.send(events.seed(KEY))
    sandbox.wait(acknowledged=1)


def test_an_authority_that_is_not_trusted_is_refused(sandbox, daemon):
    daemon.configure({"aws": {"ca_bundle": ""}})
    daemon.start(wait=False)
    assert "Http.CertificateRefused" in daemon.logged("queue")
    assert sandbox.calls() == []


def test_a_system_without_authorities_is_no_reason_to_stay_away(
    sandbox, daemon, monkeypatch
):
    # In a namespace of its own, where the places for them are empty.
    hide = (
        "for place in /etc/ssl /etc/pki; do"
        " [ ! -d $place ] || mount -t tmpfs - $place; done"
    )
    alone = ["unshare", "-rm", "sh", "-c", f'{hide}; exec "$@"', "sh"]
    if subprocess.run([*alone, "true"], check=False).returncode != 0:
        pytest.skip("needs namespaces")
    monkeypatch.setattr("daemon.WRAP", [*alone, *WRAP])
    daemon.configure({"aws": {"ca_bundle": ""}})
    daemon.start(wait=False)
    assert "No such file" in daemon.logged("no https server is trusted")
    assert "Http.CertificateRefused" in daemon.logged("queue")
    assert daemon.ctl("status", status=1)["state"] == "degraded"
