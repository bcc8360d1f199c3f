# SPDX-License-Identifier: Apache-2.0
"""The sandbox's server, over real sockets: connections, ends, time, TLS."""

import contextlib
import http.client
import json
import os
import select
import signal
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sandbox import ACCOUNT, PROGRAM, SIGNER, Sandbox, signed  # noqa: E402

WHO = "Action=GetCallerIdentity&Version=2011-06-15"
POLL = json.dumps({"QueueUrl": f"/{ACCOUNT}/q", "WaitTimeSeconds": 20})


def started(*options, plain=True):
    sandbox = Sandbox(*options, plain=plain)
    sandbox.load(users=[SIGNER], queues=[{"name": "q"}])
    return sandbox


def ask(connection):
    connection.request("POST", "/", WHO, signed("sts", WHO))
    answer = connection.getresponse()
    return answer.status, answer.read()


def ask_once(sandbox):
    with contextlib.closing(sandbox.connect()) as connection:
        return ask(connection)


def poll(connection):
    connection.request("POST", "/", POLL, signed(
        "sqs", POLL, "AmazonSQS.ReceiveMessage"))


def raw(sandbox):
    """What comes after a signed request, to the end of the connection, and
    how that ended."""
    headers = "".join(f"{name}: {value}\r\n"
                      for name, value in signed("sts", WHO).items())
    came = b""
    with socket.create_connection(("127.0.0.1", sandbox.port), 10) as peer:
        peer.sendall(f"POST / HTTP/1.1\r\n{headers}Content-Length: "
                     f"{len(WHO)}\r\n\r\n{WHO}".encode())
        try:
            while True:
                part = peer.recv(65536)
                if not part:
                    return came, "close"
                came += part
        except ConnectionResetError:
            return came, "reset"


def a_connection_serves_many_requests():
    for plain in (True, False):
        with started(plain=plain) as sandbox:
            before = sandbox.state()["connections"]
            connection = sandbox.connect()
            for _ in range(50):
                status, body = ask(connection)
                assert status == 200 and b"user/daemon" in body, body
            connection.close()
            assert sandbox.state()["connections"] == before + 2


def many_connections_wait_side_by_side():
    with started() as sandbox:
        connections = [sandbox.connect() for _ in range(100)]
        for connection in connections:
            poll(connection)
        sandbox.wait(parked=100)
        assert ask_once(sandbox)[0] == 200
        sandbox.send("q", "hello")
        with connections[0].getresponse() as first:
            assert json.load(first)["Messages"][0]["Body"] == "hello"
        for connection in connections:
            connection.close()
        # Who goes away takes no message along.
        sandbox.wait(**{"max__parked": 0})
        assert sandbox.send("q", "again")
        assert sandbox.wait(messages=2)["inFlight"] == 1


def a_connection_ends_at_any_byte():
    with started() as sandbox:
        sandbox.faults({"do": "close", "bytes": 1 << 20})
        whole, end = raw(sandbox)
        assert end == "close" and whole.endswith(b"Response>\n"), whole
        head = whole.index(b"\r\n\r\n") + 4
        for n in [0, 1, 20, head - 1, head, head + 1, len(whole) - 1]:
            for end in ("close", "reset"):
                sandbox.faults({"do": end, "bytes": n})
                came, how = raw(sandbox)
                assert how == end and len(came) == n, (n, came, how)
        sandbox.faults({"do": "close", "bodyBytes": 5})
        assert len(raw(sandbox)[0]) == head + 5
        sandbox.faults({"do": "reset"})
        assert raw(sandbox) == (b"", "reset")


def a_connection_is_cut_under_tls():
    with started(plain=False) as sandbox:
        sandbox.faults({"do": "close", "bodyBytes": 5, "count": 1},
                       {"do": "reset", "count": 1})
        for wanted in (http.client.IncompleteRead, ConnectionResetError):
            connection = sandbox.connect()
            try:
                ask(connection)
                raise AssertionError("it came whole")
            except (wanted, ssl.SSLEOFError):
                pass
            finally:
                connection.close()


def silence_lasts_until_the_client_goes():
    with started() as sandbox:
        sandbox.faults({"do": "hang", "bytes": 12})
        connection = sandbox.connect()
        connection.request("POST", "/", WHO, signed("sts", WHO))
        assert connection.sock.recv(100) == b"HTTP/1.1 200"
        assert select.select([connection.sock], [], [], 0.1) == ([], [], [])
        connection.close()
        sandbox.faults()
        assert ask_once(sandbox)[0] == 200


def a_drip_takes_its_time():
    with started() as sandbox:
        sandbox.faults({"byteMs": 1})
        began = time.monotonic()
        came, end = raw(sandbox)
        took = time.monotonic() - began
        assert end == "close" and came.endswith(b"Response>\n")
        assert took >= 0.001 * (len(came) - 1), took
        sandbox.faults({"bodyByteMs": 50})
        with contextlib.closing(sandbox.connect()) as connection:
            connection.request("POST", "/", WHO, signed("sts", WHO))
            answer = connection.getresponse()
            assert answer.status == 200 and len(answer.read1()) < 5


def latency_is_exact():
    with started("--latency-ms", "20", plain=False) as sandbox:
        connection = sandbox.connect()
        ask(connection)
        times = []
        for _ in range(25):
            began = time.monotonic()
            ask(connection)
            times.append((time.monotonic() - began) * 1000)
        connection.close()
        # Never sooner; and not later but for a machine that is busy.
        assert 20 <= min(times) < 22, times
        sandbox.faults({"delayMs": 50})
        began = time.monotonic()
        ask(connection)
        assert time.monotonic() - began >= 0.07
        connection.close()


def a_wait_ends_when_it_may():
    with started() as sandbox:
        status, counters = sandbox.admin("GET", "wait?calls=1&timeout=0.01")
        assert status == 504 and counters["calls"] == 0
        waiting = sandbox.connect()
        waiting.request("GET", "/_sandbox/wait?STS.GetCallerIdentity=1")
        assert ask_once(sandbox)[0] == 200
        with waiting.getresponse() as answer:
            assert answer.status == 200
        waiting.close()


def nonsense_is_refused():
    with started() as sandbox:
        for method, path, body, status in [
                ("GET", "nothing", None, 404),
                ("POST", "load", "{", 400),
                ("POST", "load", '{"user":[]}', 400),
                ("POST", "faults", "{}", 400),
                ("POST", "send-message?queue=none", "x", 404),
                ("POST", "certificate?kind=good", "", 400)]:
            came, document = sandbox.admin(method, path, body)
            assert came == status and document["error"], (path, document)
    for options, status in [(["--no-such-option"], 2), (["file"], 2),
                            (["--load", "/nonexistent"], 1),
                            (["--certificate", "fine"], 1)]:
        done = subprocess.run([PROGRAM, *options], stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)
        assert done.returncode == status, options
        assert done.stderr and not done.stdout


def bad_certificates_are_bad():
    with started(plain=False) as sandbox:
        assert ask_once(sandbox)[0] == 200
        trusting = ssl.create_default_context(cafile=sandbox.ca)
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        careful, sandbox.tls = sandbox.tls, trusting
        for kind, wanted in [("expired", "expired"),
                             ("not-yet", "not yet valid"),
                             ("self-signed", "self-signed"),
                             ("other-host", "mismatch")]:
            sandbox.certificate(kind)
            try:
                with socket.create_connection(
                        ("127.0.0.1", sandbox.port)) as peer:
                    careful.wrap_socket(peer, server_hostname="127.0.0.1")
                raise AssertionError(kind)
            except ssl.SSLCertVerificationError as error:
                assert wanted in str(error), error
        sandbox.certificate("good")
        sandbox.tls = careful
        assert ask_once(sandbox)[0] == 200


def it_ends_with_its_starter():
    sandbox = started()
    assert sandbox.stop() == 0
    sandbox = started()
    sandbox.process.send_signal(signal.SIGTERM)
    assert sandbox.process.wait(10) == 0
    sandbox.stop()
    # A starter that dies without a word; stdin tells nothing.
    starter = subprocess.Popen(
        [sys.executable, "-c",
         "import subprocess, sys, signal\n"
         "subprocess.Popen([sys.argv[1], '--plain'],"
         " stdin=subprocess.DEVNULL)\n"
         "signal.pause()", PROGRAM], stdout=subprocess.PIPE)
    assert b"endpoint" in starter.stdout.readline()
    starter.kill()
    starter.wait()
    # Its end of the pipe closes when the sandbox has gone.
    assert select.select([starter.stdout], [], [], 10)[0]
    assert starter.stdout.read() == b""
    starter.stdout.close()


TESTS = [a_connection_serves_many_requests,
         many_connections_wait_side_by_side,
         a_connection_ends_at_any_byte,
         a_connection_is_cut_under_tls,
         silence_lasts_until_the_client_goes,
         a_drip_takes_its_time,
         latency_is_exact,
         a_wait_ends_when_it_may,
         nonsense_is_refused,
         bad_certificates_are_bad,
         it_ends_with_its_starter]


def main():
    print(f"1..{len(TESTS)}")
    for test in TESTS:
        try:
            with contextlib.redirect_stdout(sys.stderr):
                test()
            print("ok -", test.__name__, flush=True)
        except (AssertionError, OSError, http.client.HTTPException) as error:
            print("not ok -", test.__name__, flush=True)
            print("#", type(error).__name__, error, flush=True)


if __name__ == "__main__":
    main()
