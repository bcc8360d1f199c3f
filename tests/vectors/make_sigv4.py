#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the vectors in sigv4/: Signature Version 4 from its description, with
nothing but hashlib and hmac, in the form of AWS's own test suite. The cases are
the requests that keyguard makes, and corners that AWS's suite leaves out.

    python3 tests/vectors/make_sigv4.py
"""
import hashlib
import hmac
import json
import os
import re
from urllib.parse import quote, unquote_to_bytes

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sigv4")
KEY = {
    "access_key_id": "AKIDEXAMPLE",
    "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
}


def encode(data, safe=""):
    return quote(data, safe="-._~" + safe)


def canonical_path(path):
    kept = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    end = "/" if kept and path.endswith("/") else ""
    return encode("/" + "/".join(kept) + end, "/")


def canonical_query(query):
    pairs = []
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        pairs.append([encode(unquote_to_bytes(x)) for x in (name, value)])
    return "&".join("=".join(pair) for pair in sorted(pairs))


def canonical_headers(headers):
    merged = {}
    for name, value in headers:
        value = re.sub(r"[ \t\n]+", " ", value.strip(" \t\n"))
        merged.setdefault(name.lower(), []).append(value)
    names = sorted(merged)
    lines = "".join(f"{n}:{','.join(merged[n])}\n" for n in names)
    return lines, ";".join(names)


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def vector(name, stamp, region, service, target, headers, body="", token=None):
    date = re.sub("[-:]", "", stamp)
    signed = headers + [("X-Amz-Date", date)]
    if token:
        signed.append(("X-Amz-Security-Token", token))
    path, _, query = target.partition("?")
    lines, names = canonical_headers(signed)
    canonical = "\n".join([
        "POST", canonical_path(path), canonical_query(query), lines, names,
        hashlib.sha256(body.encode()).hexdigest()])
    scope = f"{date[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join([
        "AWS4-HMAC-SHA256", date, scope,
        hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + KEY["secret_access_key"]).encode()
    for part in scope.split("/"):
        key = mac(key, part)
    request = "\n".join(
        [f"POST {target} HTTP/1.1"] + [f"{n}:{v}" for n, v in headers])
    context = {
        "credentials": KEY | ({"token": token} if token else {}),
        "normalize": True, "region": region, "service": service,
        "hash_body": True, "timestamp": stamp,
    }
    write(name, "context.json", json.dumps(context, indent=4))
    write(name, "request.txt", request + "\n\n" + body)
    write(name, "header-canonical-request.txt", canonical)
    write(name, "header-string-to-sign.txt", to_sign)
    write(name, "signing-key.txt", key.hex())
    write(name, "header-signature.txt", mac(key, to_sign).hex())


def write(name, file, text):
    os.makedirs(os.path.join(HERE, name), exist_ok=True)
    with open(os.path.join(HERE, name, file), "w", newline="") as out:
        out.write(text)


FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")

vector("sqs-receive-message", "2015-08-30T12:36:00Z", "eu-west-1", "sqs", "/",
       [("Host", "sqs.eu-west-1.amazonaws.com"),
        ("Content-Type", "application/x-amz-json-1.0"),
        ("X-Amz-Target", "AmazonSQS.ReceiveMessage")],
       '{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/q1",'
       '"MaxNumberOfMessages":10,"WaitTimeSeconds":20,'
       '"MessageSystemAttributeNames":["All"]}')
vector("iam-delete-access-key", "2015-08-30T12:36:00Z", "us-east-1", "iam", "/",
       [("Host", "iam.amazonaws.com"), FORM],
       "Action=DeleteAccessKey&Version=2010-05-08"
       "&UserName=alice%40example.com&AccessKeyId=AKIAIOSFODNN7EXAMPLE",
       token="TOKENEXAMPLE")
vector("custom-endpoint", "2024-02-29T23:59:59Z", "cn-north-1", "sns",
       "/pre%20fix//./a/../b:c/", [("Host", "127.0.0.1:4566"), FORM],
       "Action=Publish")
vector("query-corners", "2026-12-31T00:00:00Z", "us-gov-west-1", "sts",
       "/?b=2&&a-b=1&a=%7e%7E~&a=+&a&a=%2b&A=%2F/&a=b=c&%zz=%",
       [("Host", "sts.us-gov-west-1.amazonaws.com")])
vector("header-corners", "2026-01-01T00:00:00Z", "eu-central-1", "cloudtrail",
       "/", [("X-Amz-Target", "  two  \t spaces "), ("x-b", "2"),
             ("Host", "cloudtrail.eu-central-1.amazonaws.com"),
             ("X-B", "1"), ("X-A-B", "h\u00e9llo \u2603"), ("X-A", ""),
             ("x-b", '"a   b"')], "{}")
