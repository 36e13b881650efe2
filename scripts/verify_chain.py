#!/usr/bin/env python3
"""Recomputes the hash chain of an exported log, with nothing but Python's standard library.

    diario export events --tenant SLUG | scripts/verify_chain.py [--head HASH]

Reads one event a line on standard input, recomputes every hash from the bytes that were exported and prints the
hash of the last event. Exit code 1 at the first event that does not fit, whose position is named; --head also holds
the end of the chain to a hash that was noted earlier or elsewhere. docs/hash-chain.md says what is hashed.
"""

import argparse
import hashlib
import json
import re
import struct
import sys

NUMBERS = ("tenant_id", "position", "version", "schema_version", "occurred_at", "recorded_at")
TEXTS = ("stream", "event_type", "prev_hash", "hash")
SPACE = re.compile(r"[ \t\r\n]*")


class Broken(Exception):
    pass


def fields(text):
    """The members of a JSON object: name to (value, the exact text of the value)."""
    decoder = json.JSONDecoder()
    found = {}
    at = SPACE.match(text, 0).end()
    if text[at : at + 1] != "{":
        raise Broken("the line is no JSON object")
    at = SPACE.match(text, at + 1).end()
    while text[at : at + 1] != "}":
        name, at = decoder.raw_decode(text, at)
        at = SPACE.match(text, at).end()
        if not isinstance(name, str) or name in found or text[at : at + 1] != ":":
            raise Broken("the line is no JSON object with distinct names")
        begins = SPACE.match(text, at + 1).end()
        value, at = decoder.raw_decode(text, begins)
        found[name] = (value, text[begins:at])
        at = SPACE.match(text, at).end()
        if text[at : at + 1] == ",":
            at = SPACE.match(text, at + 1).end()
        elif text[at : at + 1] != "}":
            raise Broken("the line is no JSON object")
    if SPACE.match(text, at + 1).end() != len(text):
        raise Broken("something stands behind the JSON object")
    return found


def number(value):
    return struct.pack(">q", value)


def text(value):
    encoded = value.encode("utf-8")
    return struct.pack(">Q", len(encoded)) + encoded


def chained(prev, event):
    """The hash of an event behind another."""
    value = {name: parts[0] for name, parts in event.items()}
    # Payload and metadata are hashed as they are stored: the exact text, never written anew.
    payload, metadata = event["payload"][1], event["metadata"][1]
    return hashlib.sha256(
        prev
        + number(value["tenant_id"])
        + number(value["position"])
        + text(value["stream"])
        + number(value["version"])
        + text(value["event_type"])
        + number(value["schema_version"])
        + text(payload)
        + text(metadata)
        + number(value["occurred_at"])
        + number(value["recorded_at"])
    ).digest()


def parse(line):
    try:
        event = fields(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Broken(f"the line cannot be read: {error}") from error
    for name in NUMBERS:
        value = event.get(name, (None,))[0]
        if type(value) is not int or not -(2**63) <= value < 2**63:
            raise Broken(f"{name} is no 64-bit number")
    for name in TEXTS:
        if not isinstance(event.get(name, (None,))[0], str):
            raise Broken(f"{name} is no text")
    for name in ("payload", "metadata"):
        if name not in event:
            raise Broken(f"{name} is missing")
    return event


def verify(lines):
    """Follows a chain; the number of events and the last hash in hex."""
    prev, position, tenant = bytes(32), 0, None
    for line in lines:
        if not line.strip():
            continue
        expected = position + 1
        try:
            event = parse(line)
            if event["position"][0] != expected:
                raise Broken(f"the log goes on at {event['position'][0]}")
            tenant = event["tenant_id"][0] if tenant is None else tenant
            if event["tenant_id"][0] != tenant:
                raise Broken("the event is another tenant's")
            if event["prev_hash"][0] != prev.hex():
                raise Broken("prev_hash is not the hash of the event before")
            computed = chained(prev, event)
            if event["hash"][0] != computed.hex():
                raise Broken(f"hash is {event['hash'][0]}, the event's bytes give {computed.hex()}")
        except Broken as why:
            raise Broken(f"position {expected}: {why}") from why
        prev, position = computed, expected
    return position, prev.hex()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--head", metavar="HASH", help="the hash that the last event must have")
    arguments = parser.parse_args()
    try:
        events, head = verify(sys.stdin.buffer)
        if arguments.head and arguments.head.lower() != head:
            raise Broken(f"position {events}: the chain ends in {head}, not in {arguments.head.lower()}")
        if not events:
            raise Broken("position 1: there is no event")
    except Broken as why:
        print(why, file=sys.stderr)
        return 1
    print(f"{head}  {events} events")
    return 0


if __name__ == "__main__":
    sys.exit(main())
