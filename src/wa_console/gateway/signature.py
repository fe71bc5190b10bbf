"""Is a webhook request genuinely Twilio's? ``RequestValidator`` over the configured public URL.

A quick check of our own goes first (signature_quick): it lets the common genuine request in, the
SDK's validator decides about all others.

The signed URL is always *configured public URL + raw path and query*; Host, X-Forwarded-* and the
socket are never asked, because tunnels and proxies rewrite them (FACTS 4.3). This module may not
answer, store or log anything, and has no off switch.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from twilio.request_validator import (  # type: ignore[import-untyped]
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from wa_console.gateway.signature_quick import QuickCheck

FORM = "application/x-www-form-urlencoded"
_SIGNATURE, _SETTINGS = SIGNATURE_HEADER.lower(), SIGNATURE_SETTINGS_HEADER.lower()

OK = "genuine"
NO_SIGNATURE = "no signature header"
BAD_SIGNATURE = "signature header is not base64 text"
BAD_REQUEST = "request cannot be Twilio's"
BAD_BODY = "body is not UTF-8 form data"
NO_BASIC_AUTH = "user and password of the public URL are missing"
UNKNOWN_KEY = "signed with a key that is not configured"
UNKNOWN_ALGORITHM = "unknown signature algorithm"
NO_KEYS = "no key to check with"
MISMATCH = "signature does not match"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The secrets that may have signed a webhook. The repr never shows one.

    Attributes:
        tokens: Auth Tokens, primary first; a second one while rotating.
        shared_keys: SharedKey id to secret (FACTS 4.2).
    """

    tokens: tuple[str, ...] = ()
    shared_keys: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"SigningKeys(tokens=***{len(self.tokens)}, shared_keys=***{len(self.shared_keys)})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found.

    Attributes:
        reason: One of this module's constants, never customer data.
        fields: The fields of a genuine form as it was checked, in order, blanks and repeats kept:
            nobody has to decode it again (FACTS 4.3, "body parsed twice").
    """

    genuine: bool
    reason: str
    fields: Sequence[tuple[str, str]] = field(default=(), repr=False, compare=False)


class FormFields(Mapping[str, str]):
    """Form fields that keep repeated names, in the shape that the SDK's validator asks for.

    A plain dict would flatten ``K=1&K=2`` and fail a genuine request (FACTS 4.4).
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        return self._values[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getall(self, name: str) -> list[str]:
        """Return every value of ``name`` in the order of the form."""
        return list(self._values[name])

    getlist = getall


@dataclass(frozen=True, slots=True)
class _Seal:
    """What the headers say about the signature: its text, the hash and the secrets allowed."""

    text: str
    algorithm: str
    secrets: tuple[str, ...]


class Signature:
    """Checks webhook requests against one configured public URL.

    Args:
        public_url: ``https://host[:port][/prefix]``. A ``#rc=…`` override and ``user:password@``
            are cut: neither is signed (FACTS 3, 4.1). With a user given, requests must carry the
            Basic credentials that Twilio then sends.
        keys: Secrets to accept.

    Raises:
        ValueError: If the URL has no http(s) scheme or host.
    """

    def __init__(self, public_url: str, keys: SigningKeys) -> None:
        parts = urlsplit(public_url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the public URL must be https://host[:port][/prefix]")
        userinfo, _, netloc = parts.netloc.rpartition("@")
        self.base = f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}"
        self.use(keys)
        self._basic = _decoded_userinfo(userinfo) if userinfo else None

    def use(self, keys: SigningKeys) -> None:
        """Accept these secrets from now on, and no others: a token was rotated."""
        self._keys = keys
        self._quick = QuickCheck(keys.tokens)

    def __repr__(self) -> str:
        return f"Signature({self.base!r}, {self._keys!r})"

    def verify(
        self,
        *,
        method: str,
        path_qs: str,
        content_type: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Verdict:
        """Check one request; never raises.

        Args:
            method: HTTP method.
            path_qs: Path and query exactly as received, undecoded.
            content_type: The Content-Type header.
            body: The raw body.
            headers: Request headers; names in any case.

        Returns:
            Genuine, or not and why. Everything the SDK raises counts as not genuine (FACTS 4.4).
        """
        names = _folded(headers)
        seal = self._seal(names)
        if isinstance(seal, str):
            return Verdict(genuine=False, reason=seal)
        if self._basic is not None and not _has_basic(names, self._basic):
            return Verdict(genuine=False, reason=NO_BASIC_AUTH)
        signed = _signed_content(method, content_type, body)
        if isinstance(signed, str):
            return Verdict(genuine=False, reason=signed)
        if not path_qs.startswith("/"):
            return Verdict(genuine=False, reason=BAD_REQUEST)
        if self._is_signed(self.base + path_qs, signed, seal):
            return Verdict(genuine=True, reason=OK, fields=signed.pairs)
        return Verdict(genuine=False, reason=MISMATCH)

    def _is_signed(self, url: str, signed: _Signed, seal: _Seal) -> bool:
        if (
            seal.algorithm == HMAC_SHA1
            and signed.text is None
            and self._quick.accepts(url, signed.pairs, seal.text)
        ):
            return True
        return _matches(url, signed.content, seal)

    def matches_url(
        self, url: str, *, method: str, content_type: str, body: bytes, headers: Mapping[str, str]
    ) -> bool:
        """Say whether the request is signed for ``url``: to name a cause, never to let it in."""
        seal = self._seal(_folded(headers))
        signed = _signed_content(method, content_type, body)
        if isinstance(seal, str) or isinstance(signed, str):
            return False
        return _matches(url, signed.content, seal)

    def _seal(self, names: Mapping[str, str]) -> _Seal | str:
        text = names.get(_SIGNATURE)
        if not text:
            return NO_SIGNATURE
        if not text.isascii():
            return BAD_SIGNATURE
        settings = names.get(_SETTINGS, "")
        algorithm = get_signature_algorithm(settings).upper()
        match algorithm:
            case "HMAC_SHA1":
                secrets = tuple(token for token in self._keys.tokens if token)
                return _Seal(text, HMAC_SHA1, secrets) if secrets else NO_KEYS
            case "HMAC_SHA256":
                # The header is the sender's word: it may choose a key we hold, not grant trust.
                secret = self._keys.shared_keys.get(_setting(settings, "key"), "")
                return _Seal(text, HMAC_SHA256, (secret,)) if secret else UNKNOWN_KEY
            case _:
                return UNKNOWN_ALGORITHM


@dataclass(frozen=True, slots=True)
class _Signed:
    """What is signed beside the URL: fields of a form, the text of a JSON body, or nothing."""

    pairs: Sequence[tuple[str, str]] = ()
    text: str | None = None

    @property
    def content(self) -> FormFields | str:
        """In the shape that the SDK's validator asks for."""
        return FormFields(self.pairs) if self.text is None else self.text


def _folded(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers by their names in lower case, the first of each."""
    names: dict[str, str] = {}
    for name, value in headers.items():
        names.setdefault(name.lower(), value)
    return names


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Return the first header called ``name`` in any case, or None."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), None)


def decode_form(text: bytes) -> list[tuple[str, str]]:
    """Decode form data once: blanks, repeats, spaces and line ends kept.

    Strict UTF-8: Twilio signs the UTF-8 of the decoded text, so bytes that are none cannot have
    been signed, and a replacement character or surrogate would sign something else.

    Raises:
        UnicodeDecodeError: If a byte sequence, percent-encoded or not, is not UTF-8.
    """
    pairs = []
    for part in text.decode("utf-8").split("&"):
        if part:
            name, _, value = part.replace("+", " ").partition("=")
            pairs.append((_unescaped(name), _unescaped(value)))
    return pairs


def _unescaped(text: str) -> str:
    # Not urllib's unquote(): it looks for ASCII runs with a regular expression, in twice the time.
    return unquote_to_bytes(text).decode("utf-8") if "%" in text else text


def _signed_content(method: str, content_type: str, body: bytes) -> _Signed | str:
    media_type = content_type.partition(";")[0].strip().lower()
    try:
        match method.upper():
            case "GET" | "HEAD":
                # A GET's parameters are signed in its URL. A body would be unsigned cargo.
                return BAD_REQUEST if body else _Signed()
            case "POST" | "PUT" if media_type in ("", FORM) or not body:
                return _Signed(decode_form(body))
            case "POST" | "PUT" if media_type == "application/json":
                return _Signed(text=body.decode("utf-8"))
            case _:
                return BAD_REQUEST
    except UnicodeDecodeError:
        return BAD_BODY


def _matches(url: str, content: FormFields | str, seal: _Seal) -> bool:
    return any(_signed_by(secret, url, content, seal) for secret in seal.secrets)


def _signed_by(secret: str, url: str, content: FormFields | str, seal: _Seal) -> bool:
    validator = RequestValidator(secret)
    try:
        if validator.validate(url, content, seal.text, algorithm=seal.algorithm):
            return True
        if isinstance(content, str):
            return False
        # The validator rebuilds the URL and loses an empty query ("/inbound?"); byte for byte is
        # the rule (FACTS 4.1), so the URL as it stands is a reading of its own.
        exact = validator.compute_signature(url, content, seal.algorithm)
        return hmac.compare_digest(exact, seal.text)
    except (TypeError, ValueError, LookupError, AttributeError):
        return False  # FACTS 4.4: bad port, JSON without its hash; X 9


def _setting(settings: str, name: str) -> str:
    for part in settings.split(","):
        key, _, value = part.partition("=")
        if key.strip() == name:
            return value.strip()
    return ""


def _decoded_userinfo(userinfo: str) -> bytes:
    user, _, password = userinfo.partition(":")
    return f"{unquote(user)}:{unquote(password)}".encode()


def _has_basic(names: Mapping[str, str], expected: bytes) -> bool:
    scheme, _, encoded = names.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        return False
    return scheme.lower() == "basic" and hmac.compare_digest(given, expected)
