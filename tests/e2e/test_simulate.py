"""`simulate` and `engine` side by side: what the one prints is all that the other needs."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.e2e.harness import Place, listening, until
from tests.e2e.web import get_json, post_json

CUSTOMER = "+4530118800"


def a_free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_an_engine_on_the_environment_that_simulate_prints(tmp_path: Path) -> None:
    place, port = Place.in_folder(tmp_path), a_free_port()
    engine_url = f"http://127.0.0.1:{port}"
    with place.started("simulate", "--engine-url", engine_url) as simulator:
        simulator.line(lambda text: text.startswith("TWILIO_AUTH_TOKEN="))
        told = dict(line.split("=", 1) for line in simulator.out)
        base, ours, home = told["WA_CONSOLE_TWILIO_BASE_URL"], place.with_env(**told), place.home()
        said = simulator.line(lambda text: "+45" in text, err=True)
        number = next(word for word in said.split() if word.startswith("+45"))
        account = told["TWILIO_ACCOUNT_SID"]
        setup = f'[account]\naccount_sid = "{account}"\n[[number]]\naddress = "{number}"\n'
        ours.call("apply", "-", home=home, stdin=setup).ok()
        with ours.started("engine", "--port", str(port), home=home) as engine:
            assert listening(engine) == engine_url
            url = f"{base}/_simulator/customers/{CUSTOMER}/say"
            assert post_json(url, {"body": "hello there"})["status"] == 200
            until(
                lambda: ours.call("show", CUSTOMER, "--json", home=home).code == 0, what="a message"
            )
            send = ("send", "--to", CUSTOMER, "--body", "hello to you", "--wait", "15")
            ours.call(*send, home=home).ok()
            accepted = get_json(f"{base}/_simulator/truth")["accepted"]
            assert [each["body"] for each in accepted] == ["hello to you"]
            assert engine.end() == 143
        assert simulator.end() == 143
    assert list(place.temporary.iterdir()) == []
