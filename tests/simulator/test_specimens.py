"""The invented files are what they say: their structure is checked byte by byte."""

from __future__ import annotations

import re
import struct
import zlib

import pytest

from wa_console.simulator import specimens


def test_png_chunks_and_size() -> None:
    data = specimens.picture()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(name + body)
        chunks[name] = body
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(chunks[b"IDAT"])) == 240 * (1 + 320 * 3)


@pytest.mark.parametrize("dented", [True, False])
def test_jpeg_decodes_to_the_blocks_it_was_made_of(dented: bool) -> None:
    """A decoder for what the writer writes: DC differences, each followed by end of block."""
    data = specimens.photo(dented=dented)
    at, tables = 2, {}
    assert data[:2] == b"\xff\xd8"
    while data[at + 1] != 0xDA:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        tables[marker, data[at + 4]] = data[at + 4 : at + 2 + length]
        at += 2 + length
    height, width = struct.unpack(">HH", tables[0xC0, 8][1:5])
    assert (width, height) == (320, 240)
    counts, values = tables[0xC4, 0][1:17], tables[0xC4, 0][17:]
    codes, code, used = {}, 0, 0
    for length, count in enumerate(counts, 1):
        for value in values[used : used + count]:
            codes[f"{code:0{length}b}"] = value
            code += 1
        used += count
        code <<= 1
    scan = data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") : -2]
    assert data.endswith(b"\xff\xd9")
    bits = "".join(f"{byte:08b}" for byte in scan.replace(b"\xff\x00", b"\xff"))
    blocks: list[int] = []
    at, before = 0, [0, 0, 0]
    while len(blocks) < 40 * 30 * 3:
        end = next(n for n in range(at + 1, at + 17) if bits[at:n] in codes)
        size = codes[bits[at:end]]
        raw = bits[end : end + size]
        step = 0 if not raw else int(raw, 2) - (0 if raw[0] == "1" else (1 << size) - 1)
        part = len(blocks) % 3
        before[part] += step
        blocks.append(before[part] + 128)
        assert bits[end + size] == "0"
        at = end + size + 1
    assert set(bits[at:]) <= {"1"}
    wanted = [c for row in specimens.parcel_blocks(dented=dented) for c in row]
    for number, (r, g, b) in enumerate(wanted):
        assert abs(blocks[number * 3] - (0.299 * r + 0.587 * g + 0.114 * b)) <= 1


def test_ogg_pages() -> None:
    data = specimens.voice_note(2)
    at, granules, packets = 0, [], []
    while at < len(data):
        assert data[at : at + 4] == b"OggS"
        (granule,) = struct.unpack("<q", data[at + 6 : at + 14])
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        end = at + 27 + len(lacing) + sum(lacing)
        packets.append(data[at + 27 + len(lacing) : end])
        granules.append(granule)
        flags = data[at + 5]
        at = end
    assert flags == 4
    assert granules == [0, 0, 48_000, 96_000]
    assert packets[0].startswith(b"OpusHead")
    assert packets[1].startswith(b"OpusTags")


def test_ogg_checksum_is_the_one_of_the_format() -> None:
    """The check value of CRC-32 with this polynomial, no reflection, start and end at zero."""
    assert specimens._ogg_crc(b"123456789") == 0x89A1897F


def test_pdf_table_points_at_its_objects() -> None:
    data = specimens.document("Prøve")
    (start,) = re.findall(rb"startxref\n(\d+)\n%%EOF", data)
    assert data[int(start) :].startswith(b"xref\n0 6\n")
    places = re.findall(rb"(\d{10}) 00000 n ", data)
    for number, place in enumerate(places, 1):
        assert data[int(place) :].startswith(b"%d 0 obj" % number)


def test_webp_lengths() -> None:
    data = specimens.sticker()
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    assert data[8:16] == b"WEBPVP8L"


@pytest.mark.parametrize("kind", [*specimens.KINDS, "image/png", "application/pdf"])
def test_every_kind(kind: str) -> None:
    item = specimens.make(kind)
    assert item.data
    assert "/" in item.content_type


def test_unknown_kind() -> None:
    with pytest.raises(ValueError, match="hologram"):
        specimens.make("hologram")
