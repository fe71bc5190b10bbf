"""The sanitiser: nothing dangerous comes through, and no language is harmed."""

from __future__ import annotations

import copy
import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wa_console.domain.text import SafeText, safe_text, snippet

DATA = Path(__file__).parents[1] / "data"
CORPUS = {
    item["name"]: item["text"] * item.get("times", 1)
    for item in json.loads((DATA / "hostile_texts.json").read_text())
}
JOINERS = "\u200c\u200d"
LIVING = {
    "danish": "Blåbærgrød på Ærø – «Åh!» 50 % × 3 = ½ m² …",
    "german": "Straße, Öl & Übermut",
    "arabic": "مرحبًا، كيف حالك؟ ١٢٣ الطلب رقم",
    "persian with ZWNJ": "می\u200cخواهم کتاب\u200cها را",
    "arabic initial form": "١٤٤٥ه\u200d",
    "hebrew with points": "שָׁלוֹם עֲלֵיכֶם",
    "thai": "สวัสดีครับ ที่นี่กรุงเทพฯ น้ำ",
    "devanagari": "नमस्ते, क्षत्रिय श्री हिन्दी",
    "devanagari half form": "क्\u200dष और र्\u200dय",
    "malayalam old chillu": "അവന്\u200d പറഞ്ഞു",
    "vietnamese": "Tiếng Việt rất đẹp",
    "decomposed latin": unicodedata.normalize("NFD", "Ærøskøbing på ålefiskeri – ǘ"),
    "japanese": "こんにちは、\u3000カタカナ 漢字 ｶﾞ",
    "korean": "안녕하세요 배송은 언제 오나요?",
    "chinese": "你好，世界！",
    "cyrillic": "Привет, как дела? Ґ",
    "greek": "Καλημέρα κόσμε",
    "georgian": "გამარჯობა",
    "money": "100 kr. / €5 / £3 / ₹20 / 1\u00a0000",
    "emoji": "😀😂❤️👍🏽🎉🫠",
    "emoji of a newer Unicode": "\U0001fa77\U0001fae8\U0001fabf",
    "family": "👨\u200d👩\u200d👧\u200d👦",
    "heart on fire": "❤️\u200d🔥",
    "rainbow and pirates": "🏳️\u200d🌈 🏴\u200d☠️",
    "runner to the right": "🏃🏽\u200d♀️\u200d➡️",
    "flags": "🇩🇰🇩🇪🇯🇵",
    "england and wales": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🏴"
    "\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "keycaps": "1️⃣ #️⃣ *️⃣",
    "markup is text": "[bold]x[/bold] [@click=app.quit]y[/]",
    "lines": "a\n\nb\n",
}

# Text as an attacker writes it: what matters to the rules, close together.
NASTY = st.sampled_from(
    "ab \t\r\n\x1b\x00\x7f\x85\x9b\xa0\xad…◌⏎\u200c\u200d\u202e\u2028\ufeff\ud83d\u0301\u094d\u0915"
    "\ufe0f\U000e0100\u20e3\u3164\ue000\u2800\U0001f3f4\U000e0067\U000e007f\U0001f468\U0001f3fd"
)
ANY = st.text(st.one_of(NASTY, st.characters(), st.characters(categories=["Mn", "Cf", "Lo"])))


def assert_safe(text: str, *, multiline: bool = True) -> None:
    """Check the promise itself, by means other than the sanitiser's."""
    text.encode("utf-8")
    previous, marks, tags = "\n", 0, 0
    for char in text:
        category, code = unicodedata.category(char), ord(char)
        assert category not in ("Cs", "Co", "Zl", "Zp"), ascii(char)
        assert category != "Cc" or (char == "\n" and multiline), ascii(char)
        assert category != "Cn" or 0x1F000 <= code <= 0x1FAFF, ascii(char)
        if category == "Cf":
            tag = 0xE0020 <= code <= 0xE007F
            assert char in JOINERS or (tag and tags), ascii(char)
            assert not previous.isspace()
            assert not (char in JOINERS and previous in JOINERS)
        if category[0] == "M":
            assert not previous.isspace(), "a mark without a base"
            marks += 1
            assert marks <= 8
        elif char not in JOINERS:
            marks = 0
        if char == "\U0001f3f4":
            tags = 8
        elif 0xE0020 <= code <= 0xE007F and char != "\U000e007f":
            tags -= 1
        elif category[0] != "M" and char not in JOINERS:
            tags = 0
        assert char not in "\u115f\u1160\u2800\u3164\uffa0\U0001d159"
        previous = char


@pytest.mark.parametrize("name", LIVING)
def test_living_languages_are_unchanged(name: str) -> None:
    assert safe_text(LIVING[name]) == LIVING[name]
    assert_safe(LIVING[name])


@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus_is_made_harmless(name: str) -> None:
    text = safe_text(CORPUS[name])
    assert_safe(text)
    assert len(text) <= 4096
    assert text.count("\n") < 200
    line = snippet(CORPUS[name], 60)
    assert_safe(line, multiline=False)
    assert len(line) <= 60


@given(ANY, st.integers(1, 40), st.integers(1, 6), st.booleans())
@example(" \u0301", 40, 6, False)
@example("a\n\u200d\n\u0301", 3, 1, True)
@example("\U0001f468\u200d\U0001f469", 2, 1, True)
@example("\ufe0f" * 200 + "a", 1, 1, True)
def test_safe_short_and_idempotent(raw: str, limit: int, max_lines: int, multiline: bool) -> None:
    text = safe_text(raw, multiline=multiline, limit=limit, max_lines=max_lines)
    assert_safe(text, multiline=multiline)
    assert len(text) <= limit
    assert text.count("\n") < max_lines
    again = safe_text(str(text), multiline=multiline, limit=limit, max_lines=max_lines)
    assert again == text
    assert safe_text(text, multiline=multiline, limit=limit, max_lines=max_lines) == text


@given(ANY)
def test_every_start_of_a_safe_text_is_safe(raw: str) -> None:
    text = safe_text(raw)
    for end in range(len(text)):
        assert safe_text(text[:end]) == text[:end]


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"])))
def test_letters_digits_and_punctuation_are_never_touched(raw: str) -> None:
    blanks = str.maketrans("\u115f\u1160\u3164\uffa0", "    ")
    assert safe_text(raw) == raw.translate(blanks)


def test_every_single_character_is_made_harmless() -> None:
    # The planes left out are Chinese, unassigned or private throughout.
    edges = range(sys.maxunicode - 0xFF, sys.maxunicode + 1)
    for char in map(chr, (*range(0x20000), *range(0xE0000, 0xE0200), *edges)):
        text = safe_text(char)
        if text != char:
            assert_safe(text)
            assert safe_text(str(text)) == text
        else:
            assert_safe(char)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a␍b"),
        ("a\x85b\u2028c\u2029d", "a\nb\nc\nd"),
        ("a\tb", "a    b"),
        ("\x1b[2J\x00\x7f", "␛[2J␀␡"),
        ("\x9b\ud83d\ue000\u0378\uffff", "\ufffd" * 5),
        ("\u202eabc\u202c\u200b\xad", "abc"),
        ("pay\u200dpal", "paypal"),
        ("\u0301a\n\u0301b \u0301", "◌\u0301a\n◌\u0301b ◌\u0301"),
        ("z" + "\u0301" * 20 + "a", "z" + "\u0301" * 8 + "a"),
        ("ک\u200c\u200c\u200d\u200cت", "ک\u200cت"),
        ("x\U000e0067\U000e007f", "x"),
        ("🏴\U000e0067\U000e007f\U000e0067", "🏴\U000e0067\U000e007f"),
        ("🏴" + "\U000e0067" * 20, "🏴" + "\U000e0067" * 8),
        ("ㅤᅟ⠀", "   "),
    ],
)
def test_what_becomes_of_it(raw: str, shown: str) -> None:
    assert safe_text(raw) == shown


@pytest.mark.parametrize(
    ("raw", "limit", "max_lines", "shown"),
    [
        ("abcde", 5, 9, "abcde"),
        ("abcdef", 5, 9, "abcd…"),
        ("abc ef", 5, 9, "abc…"),
        ("abcdef", 1, 9, "…"),
        ("a\nb\nc", 9, 3, "a\nb\nc"),
        ("a\nb\nc", 9, 2, "a\nb…"),
        ("a\nb\n", 9, 2, "a\nb…"),
        ("abcd\nb", 4, 1, "abc…"),
        ("👨\u200d👩\u200d👧", 3, 9, "👨…"),
        ("\u200b" * 1000 + "a", 5, 9, "…"),
    ],
)
def test_limits(raw: str, limit: int, max_lines: int, shown: str) -> None:
    assert safe_text(raw, limit=limit, max_lines=max_lines) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("one\ntwo", "one ⏎ two"),
        ("\n\n one \r\n\n\u2028 two\n", "one ⏎ two"),
        ("a  b", "a  b"),
        ("\n \n", ""),
    ],
)
def test_one_line(raw: str, shown: str) -> None:
    assert snippet(raw) == shown


def test_one_line_is_cut() -> None:
    assert snippet("one\ntwo", 6) == "one ⏎…"


@pytest.mark.parametrize(("limit", "max_lines"), [(0, 1), (1, 0), (-5, 5)])
def test_limits_below_one_are_refused(limit: int, max_lines: int) -> None:
    with pytest.raises(ValueError):
        safe_text("x", limit=limit, max_lines=max_lines)


def test_nobody_else_makes_a_safe_text() -> None:
    for key in (None, object(), True):
        with pytest.raises(TypeError):
            SafeText("\x1b[2J", key=key)


def test_a_safe_text_is_a_string_that_copies() -> None:
    text = safe_text("hej")
    assert isinstance(text, SafeText)
    assert copy.deepcopy([text])[0] is text
    assert copy.copy(text) is text
    assert {"hej": 1}[text] == 1


class Watched(str):
    """A text that tells how much of it was read."""

    asked: slice | None = None

    def __getitem__(self, key: object) -> str:
        assert isinstance(key, slice)
        type(self).asked = key
        return super().__getitem__(key)


def test_a_huge_text_is_read_only_to_a_few_limits() -> None:
    safe_text(Watched("\x1b" * 1_000_000), limit=100)
    assert Watched.asked is not None
    assert Watched.asked.stop <= 1000
