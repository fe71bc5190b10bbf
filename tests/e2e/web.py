"""HTTP as Twilio and the network do it: forms signed by the rule, requests byte for byte.

The signature is written from FACTS 4.1 here, not taken from the product: it is a check on it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

_open = build_opener(ProxyHandler({})).open
_FORM = "application/x-www-form-urlencoded"


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature of a form posted to ``url`` as it is configured."""
    text = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a raw request was answered with."""

    status: int
    body: bytes


def raw(
    base: str, target: str, *, body: bytes, headers: Mapping[str, str], method: str = "POST"
) -> Answer:
    """Send one request byte for byte to the program at ``base`` and read the answer."""
    address = urlsplit(base)
    assert address.hostname is not None
    lines = [f"{method} {target} HTTP/1.1"]
    named = {name.lower() for name in headers}
    if "host" not in named:
        lines.append(f"Host: {address.netloc}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    with socket.create_connection((address.hostname, address.port or 80), timeout=10) as wire:
        wire.sendall("\r\n".join(lines).encode("utf-8") + body)
        chunks = []
        while chunk := wire.recv(65536):
            chunks.append(chunk)
    head, _, rest = b"".join(chunks).partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ", 2)[1]), rest)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Twilio's side of the webhooks of one engine.

    Attributes:
        listener: Where the engine really listens.
        public_url: The address Twilio was told, which signatures are made for.
        token: The account's Auth Token.
    """

    listener: str
    public_url: str
    token: str

    def inbound(self, form: Mapping[str, str]) -> Answer:
        """Post a customer's message."""
        return self.post("/twilio/inbound", form)

    def status(self, form: Mapping[str, str]) -> Answer:
        """Post a status callback to the address without our mark."""
        return self.post("/twilio/status", form)

    def post(self, target: str, form: Mapping[str, str]) -> Answer:
        """Sign and post a form."""
        signature = sign(self.token, f"{self.public_url}{target}", form)
        headers = {"Content-Type": _FORM, "X-Twilio-Signature": signature}
        return raw(self.listener, target, body=urlencode(form).encode(), headers=headers)


def get_json(url: str) -> Any:
    """Fetch a JSON document."""
    with _open(url, timeout=10) as answer:
        return json.load(answer)


def post_json(url: str, body: object) -> Any:
    """Post a JSON document; returns the answer's.

    Raises:
        urllib.error.HTTPError: The answer is no success.
    """
    request = Request(
        url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with _open(request, timeout=20) as answer:
        return json.load(answer)
