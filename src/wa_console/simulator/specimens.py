"""Invented files that are really valid: photo, picture, voice note, document, contact, sticker.

Duty: make small media out of nothing but the standard library, so that a viewer opens them and a
type check passes. No customer data, nothing downloaded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from wa_console.simulator.jpeg import encode_blocks
from wa_console.simulator.records import MediaItem

_WIDE, _HIGH = 40, 30
_WALL, _FLOOR, _BOX, _TAPE, _LABEL, _DENT = (
    (176, 184, 190),
    (120, 104, 92),
    (181, 136, 84),
    (214, 186, 140),
    (240, 238, 232),
    (92, 62, 34),
)
Rgb = tuple[int, int, int]


def parcel_blocks(*, dented: bool) -> list[list[Rgb]]:
    """A parcel on the floor as a mosaic of 40 x 30 colours, dented at a corner or not."""
    rows = []
    for y in range(_HIGH):
        row = [_WALL if y < 18 else _FLOOR] * _WIDE
        if 8 <= y < 25:
            for x in range(9, 31):
                row[x] = _TAPE if 18 <= x < 22 else _BOX
            if 15 <= y < 21:
                row[11:17] = [_LABEL] * 6
            if dented and y < 13:
                row[31 - (13 - y) : 31] = [_DENT] * (13 - y)
        rows.append(row)
    return rows


@cache
def photo(*, dented: bool = True) -> bytes:
    """A JPEG photo of a parcel, 320 x 240."""
    return encode_blocks(parcel_blocks(dented=dented))


@cache
def picture() -> bytes:
    """A PNG of the same parcel, 320 x 240."""
    raw = bytearray()
    for row in parcel_blocks(dented=False):
        line = b"".join(bytes(colour) * 8 for colour in row)
        raw += (b"\0" + line) * 8
    header = struct.pack(">IIBBBBB", _WIDE * 8, _HIGH * 8, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", header)
        + _png_chunk(b"IDAT", zlib.compress(bytes(raw), 9))
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def voice_note(seconds: int = 14) -> bytes:
    """An Ogg Opus file of silence, 50 frames of 20 ms to the second (RFC 7845)."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    vendor = b"wa-console"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    pages = [
        _ogg_page([head], number=0, granule=0, flags=2),
        _ogg_page([tags], number=1, granule=0, flags=0),
    ]
    frame = b"\xf8\xff\xfe"
    for second in range(1, seconds + 1):
        last = 4 if second == seconds else 0
        page = _ogg_page([frame] * 50, number=second + 1, granule=second * 48_000, flags=last)
        pages.append(page)
    return b"".join(pages)


def _ogg_page(packets: list[bytes], *, number: int, granule: int, flags: int) -> bytes:
    lacing = b"".join(bytes([len(packet)]) for packet in packets)
    head = b"OggS" + struct.pack("<BBqII", 0, flags, granule, 0x57415043, number)
    tail = bytes([len(packets)]) + lacing + b"".join(packets)
    checksum = _ogg_crc(head + b"\0\0\0\0" + tail)
    return head + struct.pack("<I", checksum) + tail


def _ogg_crc(data: bytes) -> int:
    """The checksum of Ogg: polynomial 0x04C11DB7, no reflection, start and end at zero."""
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        crc &= 0xFFFFFFFF
    return crc


@cache
def document(text: str = "Faktura 2026-11") -> bytes:
    """A PDF of one page with one line of text."""
    content = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def contact() -> bytes:
    """A contact card."""
    return (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Brandt;Jonas;;;\r\nFN:Jonas Brandt\r\n"
        b"TEL;TYPE=CELL:+4528441092\r\nEND:VCARD\r\n"
    )


def sticker() -> bytes:
    """A WebP of one pixel, lossless."""
    frame = bytes.fromhex("2f00000010071011118888fe0700")
    body = b"WEBPVP8L" + struct.pack("<I", len(frame) - 1) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


_KINDS: Mapping[str, Callable[[], MediaItem]] = {
    "photo": lambda: MediaItem("image/jpeg", photo()),
    "image": lambda: MediaItem("image/jpeg", photo()),
    "picture": lambda: MediaItem("image/png", picture()),
    "voice": lambda: MediaItem("audio/ogg", voice_note()),
    "audio": lambda: MediaItem("audio/ogg", voice_note()),
    "document": lambda: MediaItem("application/pdf", document(), "Faktura 2026-11.pdf"),
    "contact": lambda: MediaItem("text/vcard", contact()),
    "sticker": lambda: MediaItem("image/webp", sticker()),
}

KINDS = tuple(_KINDS)
"""The names by which files can be asked for."""


def make(kind: str) -> MediaItem:
    """The file of a kind, or of a MIME type that one of the kinds has.

    Raises:
        ValueError: With a sentence, for a kind or type there is no file of.
    """
    if kind in _KINDS:
        return _KINDS[kind]()
    for build in _KINDS.values():
        item = build()
        if item.content_type == kind:
            return item
    raise ValueError(f"no medium of kind {kind!r}; known are {', '.join(_KINDS)}")
