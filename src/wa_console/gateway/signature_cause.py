"""Why a webhook was not genuine, in one sentence for the status line.

It tries the mistakes that operators really make (faults.md B2: scheme, host, prefix, slash, query
order) and names the one that would have matched. It may never let a request in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from wa_console.domain.i18n import N_, _
from wa_console.gateway import signature as seal
from wa_console.gateway.signature import Signature, Verdict

_PLAIN = {
    seal.NO_SIGNATURE: N_("No Twilio signature: not sent by Twilio, or a proxy drops the header."),
    seal.BAD_SIGNATURE: N_("The Twilio signature is garbled: not sent by Twilio."),
    seal.BAD_REQUEST: N_("Not a request that Twilio makes (method, path or content type)."),
    seal.BAD_BODY: N_("The body is not UTF-8: something on the way changed it."),
    seal.NO_BASIC_AUTH: N_(
        "The user and password of the public URL are missing or wrong: put the same ones into "
        "Twilio's webhook URL, or take them out of the public URL."
    ),
    seal.UNKNOWN_KEY: N_(
        "Signed with a SharedKey that is not configured: set TWILIO_SHARED_KEY_ID and _SECRET."
    ),
    seal.UNKNOWN_ALGORITHM: N_("Signed with a method this version does not know: update it."),
    seal.NO_KEYS: N_(
        "There is no Auth Token to check signatures with: an API key secret does not do."
    ),
}
_TOKEN = N_(
    "The signature fits no URL we can think of: most likely the Auth Token is another account's "
    "or was rotated, or the webhook URL in Twilio has another host than the public URL."
)


def likely_cause(
    checker: Signature,
    verdict: Verdict,
    *,
    method: str,
    path_qs: str,
    content_type: str,
    body: bytes,
    headers: Mapping[str, str],
) -> str:
    """Say in one translated sentence why ``verdict`` was not genuine.

    Args:
        checker: What refused the request.
        verdict: Its verdict.
        method: HTTP method.
        path_qs: Path and query as received.
        content_type: The Content-Type header.
        body: The raw body.
        headers: Request headers. Host and X-Forwarded-* are read here for a hint only.

    Returns:
        The sentence; empty for a genuine request. It holds URLs without query, no secret and
        nothing of the form.
    """
    if verdict.genuine:
        return ""
    if verdict.reason in _PLAIN:
        return _(_PLAIN[verdict.reason])
    if path_qs.startswith("/"):
        for sentence, url in _variants(checker.base, path_qs, headers):
            if checker.matches_url(
                url, method=method, content_type=content_type, body=body, headers=headers
            ):
                return _(sentence).format(signed=_shown(url), ours=_shown(checker.base + path_qs))
    return _(_TOKEN)


def _variants(base: str, path_qs: str, headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (sentence, URL) of every mistake worth trying, the commonest first."""
    ours = urlsplit(base)
    path, mark, query = path_qs.partition("?")
    origin = f"{ours.scheme}://{ours.netloc}"
    other = f"{'http' if ours.scheme == 'https' else 'https'}://{ours.netloc}"
    scheme = N_("Twilio signed {signed}, but the public URL gives {ours}: http and https differ.")
    yield scheme, other + ours.path + path_qs
    prefix = N_("Twilio signed {signed}, but the public URL gives {ours}: the path prefix differs.")
    if ours.path:
        yield prefix, origin + path_qs
    tails = [p for p in _shorter(path) if p != path]
    for tail in tails:
        yield prefix, base + tail + mark + query
    for extra in _guessed_prefixes(path):
        yield prefix, origin + extra + ours.path + path_qs
    slash = N_("Twilio signed {signed}, but the public URL gives {ours}: a slash at the end.")
    yield slash, base + (path[:-1] if path.endswith("/") else path + "/") + mark + query
    yield from _query_variants(base, path, query)
    yield from _host_variants(ours.netloc, ours.path + path_qs, headers)


def _shorter(path: str) -> Iterator[str]:
    """Yield the path without its first part, and so on: what a proxy may have added."""
    parts = path.split("/")[1:]
    for cut in range(1, len(parts)):
        yield "/" + "/".join(parts[cut:])


def _guessed_prefixes(path: str) -> Iterator[str]:
    """Yield prefixes that a proxy may have cut: those of the paths this program listens on."""
    if not path.startswith("/twilio/"):
        yield "/twilio"


def _query_variants(base: str, path: str, query: str) -> Iterator[tuple[str, str]]:
    changed = N_("A proxy changed the query of the webhook URL: pass it through as it is.")
    if not query:
        return
    yield changed, base + path
    pairs = query.split("&")
    yield changed, base + path + "?" + "&".join(reversed(pairs))
    yield changed, base + path + "?" + "&".join(sorted(pairs))
    decoded = parse_qsl(query, keep_blank_values=True, errors="replace")
    yield changed, base + path + "?" + urlencode(decoded)


def _host_variants(ours: str, target: str, headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    host = N_("Twilio signed {signed}, but the public URL gives {ours}: the host differs.")
    for name in ("Host", "X-Forwarded-Host", "X-Original-Host"):
        seen = (seal.header(headers, name) or "").split(",")[0].strip()
        if seen and seen != ours and seen.isascii() and seen.isprintable():
            yield host, f"https://{seen}{target}"
            yield host, f"http://{seen}{target}"


def _shown(url: str) -> str:
    return url.partition("?")[0]
