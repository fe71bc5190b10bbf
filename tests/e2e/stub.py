"""The least Twilio there is: answers a create with the SID it was told to give.

For samples that carry SIDs of their own. It knows no rule; the simulator is for those.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


class Stub(ThreadingHTTPServer):
    """The server.

    Attributes:
        sids: The SID a create is answered with, by the text that is sent.
        creates: The forms of all creates, in order.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sids: dict[str, str] = {}
        self.creates: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def create(self, form: dict[str, str], account_sid: str) -> dict[str, Any]:
        """Accept a message; returns the resource as Twilio writes it."""
        self.creates.append(form)
        now = "Mon, 23 Nov 2026 12:00:00 +0000"
        return {
            "sid": self.sids[form["Body"]],
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": form["Body"],
            "date_created": now,
            "date_sent": None,
            "date_updated": now,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form["From"],
            "to": form["To"],
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "status": "queued",
            "subresource_uris": {},
            "uri": "",
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        account_sid = self.path.split("/Accounts/")[1].split("/")[0]
        self._answer(201, self.server.create(dict(parse_qsl(body)), account_sid))

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.endswith("/Messages.json"):
            page: dict[str, Any] = {
                "messages": [],
                "next_page_uri": None,
                "uri": path,
                "page": 0,
                "page_size": 50,
            }
            self._answer(200, page)
        elif path.startswith(("/v1/Content", "/v2/Content")):
            self._answer(200, {"contents": [], "meta": {"key": "contents", "next_page_url": None}})
        else:
            told = {"code": 20404, "message": "not found", "more_info": "", "status": 404}
            self._answer(404, told)

    def _answer(self, status: int, document: object) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@contextmanager
def stub_running() -> Iterator[Stub]:
    """Run a stub on a port of its own."""
    with Stub() as stub:
        thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield stub
        finally:
            stub.shutdown()
            thread.join()
