"""A Secret does not tell itself."""

from __future__ import annotations

import pickle

import pytest

from wa_console.credentials import Credentials
from wa_console.secretstore.secret import Secret

CANARY = "canary-4711"


def test_no_way_of_printing_tells_it() -> None:
    secret = Secret(CANARY)
    for text in (
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r}",
        f"{[secret]}",
        " ".join(["{}", "{!s}"]).format(secret, secret),
    ):
        assert CANARY not in text
    assert CANARY not in repr(Credentials(auth_token=secret, api_secret=secret))
    assert secret.reveal() == CANARY


def test_it_cannot_be_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(CANARY))


def test_equality_and_truth() -> None:
    assert Secret("æ") == Secret("æ")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert not Secret("")
    assert len({Secret("a"), Secret("a")}) == 1
