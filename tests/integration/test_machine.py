# SPDX-License-Identifier: Apache-2.0
"""The one table, drawn three ways, as others judge it."""

import json
import re
import shutil
import subprocess

import pytest


@pytest.fixture
def draw(sandbox, daemon):
    """Draws the machine of a running daemon."""
    daemon.start()

    def machine(form):
        done = daemon.ctl_raw("machine", "--format", form)
        assert done.returncode == 0, done
        return done.stdout

    return machine


def test_the_text_names_each_state_and_its_catch(draw):
    text = draw("text").decode()
    for word in (
        "DeleteAccessKeyPair",
        "LookupCloudTrailEvents",
        "NotifySecurity",
        "States.ALL",
        "Class.Throttled",
    ):
        assert word in text


def test_the_asl_is_valid_and_the_whole_table(draw):
    asl = json.loads(draw("asl"))
    assert asl["StartAt"] == "DeleteAccessKeyPair"
    assert list(asl["States"]) == [
        "DeleteAccessKeyPair",
        "LookupCloudTrailEvents",
        "NotifySecurity",
    ]
    delete = asl["States"]["DeleteAccessKeyPair"]
    assert delete["TimeoutSeconds"] == 15
    assert delete["ResultPath"] == "$.deletion"
    assert delete["Catch"][0] == {
        "ErrorEquals": [
            "Response.NotifyOnly",
            "Response.ProtectedUser",
            "Response.ProtectedKey",
        ],
        "Next": "LookupCloudTrailEvents",
        "ResultPath": "$.untouched",
    }
    assert delete["Catch"][-1] == {
        "ErrorEquals": ["States.ALL"],
        "Next": "NotifySecurity",
        "ResultPath": "$.error-info",
    }
    held, throttled, passing = delete["Retry"]
    assert held["ErrorEquals"] == ["Response.Held"]
    assert "IAM.Throttling" in throttled["ErrorEquals"]
    assert "States.Timeout" in passing["ErrorEquals"]
    assert throttled["MaxAttempts"] == 20
    assert throttled["JitterStrategy"] == "FULL"
    assert "Class." not in json.dumps(asl)
    assert asl["States"]["NotifySecurity"]["End"] is True


def test_motos_parser_takes_the_asl(draw):
    parser = pytest.importorskip(
        "moto.stepfunctions.parser.asl.parse.asl_parser"
    )
    parser.AmazonStateLanguageParser.parse(draw("asl").decode())


def test_statelint_finds_nothing_in_the_asl(draw):
    linter = pytest.importorskip("statelint.linter")
    found = linter.Linter().validate(json.loads(draw("asl")))
    # Its pattern of a Reference Path knows no hyphen; the language does, and
    # `$.error-info` is the AWS sample's.
    hyphen = re.compile(
        r'ResultPath is "\$\.[a-z]+-[a-z]+" but should be a Ref'
    )
    assert [text for text in found if not hyphen.search(text)] == []


def transitions(asl):
    """From, to, and how: by success or by a catch; as the ASL has them."""
    for name, state in asl["States"].items():
        yield name, state.get("Next", "done"), "solid"
        for catcher in state.get("Catch", []):
            yield name, catcher["Next"], "dashed"


def test_the_drawing_shows_the_same_transitions(draw):
    if shutil.which("dot") is None:
        pytest.skip("no graphviz here")
    drawn = subprocess.run(
        ["dot", "-Tjson0"],
        input=draw("dot"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (drawn.returncode, drawn.stderr) == (0, b"")
    graph = json.loads(drawn.stdout)
    names = {}
    for node in graph["objects"]:
        label = re.search(r"<b>(\w+)</b>", node["label"])
        names[node["_gvid"]] = label[1] if label else node["name"]
    edges = {
        (names[edge["tail"]], names[edge["head"]], edge.get("style", "start"))
        for edge in graph["edges"]
    }
    asl = json.loads(draw("asl"))
    assert edges == {
        ("start", asl["StartAt"], "start"),
        *transitions(asl),
    }
