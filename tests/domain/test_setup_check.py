"""The set-up file: what is right is read, what is wrong is told with its line, all at once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.setup_texts import ACCOUNT_SID, CONTENT_SID, WHOLE, setups
from wa_console.cli.setup_format import write_setup
from wa_console.domain.errors import SetupProblems
from wa_console.domain.setup import Attachments, Number, Rule, Setup
from wa_console.domain.setup_check import read_setup

ACCOUNT = f'[account]\naccount_sid = "{ACCOUNT_SID}"\n'


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(SetupProblems) as caught:
        read_setup(text)
    return caught.value.problems


def complaints(text: str) -> tuple[str, ...]:
    try:
        read_setup(text)
    except SetupProblems as error:
        return error.problems
    return ()


RULE = "[[queue]]\nname='Q'\n[[workstream]]\nname='W'\nnumbers=[]\n[[workstream.rule]]\nqueue='Q'\n"


def test_an_empty_file_is_an_empty_setup() -> None:
    assert read_setup("") == Setup()
    assert read_setup("# nothing yet\n") == Setup()


def test_the_whole_example_is_read() -> None:
    setup = read_setup(WHOLE)
    assert setup.account is not None
    assert setup.account.account_sid == ACCOUNT_SID
    assert setup.numbers == (Number(address="+4570203040", name="Support Denmark"),)
    workstream = setup.workstreams[0]
    assert workstream.numbers == ("Support Denmark",)
    assert workstream.attachments == Attachments(customers=True, representatives=False)
    assert workstream.rules == (
        Rule(when={"text_matches": "pakke|parcel"}, queue="Delivery"),
        Rule(when={"new_customer": True, "hours": "Office"}, queue="Delivery"),
    )
    assert setup.representatives[0].skills == {"danish": 3}
    assert setup.hours[0].holidays == ("2026-12-24",)
    assert setup.templates[0].content_sid == CONTENT_SID
    assert setup.automated_messages[0].trigger == "out-of-hours"


def test_only_the_needed_keys_are_needed() -> None:
    setup = read_setup(
        f"""
        account = {{ account_sid = "{ACCOUNT_SID}" }}
        number = [{{ address = "+4570203040" }}]
        queue = [{{ name = "Q" }}]
        representative = [{{ login = "anna" }}]
        workstream = [{{ name = "W", numbers = ["0045 70 20 30 40"] }}]
        template = [{{ content_sid = "{CONTENT_SID}", language = "da", text = "Hej" }}]
        quick_reply = [{{ key = "eta", text = "Snart" }}]
        hours = [{{ name = "H", open = {{}} }}]
        automated_message = [{{ trigger = "greeting", text = "Hej" }}]
        """
    )
    assert setup.workstreams[0].numbers == ("+4570203040",)
    assert setup.representatives[0].capacity == 5
    assert setup.workstreams[0].distribution == "pick"


@pytest.mark.parametrize(
    "spelling",
    ["+45 70 20 30 40", "+45-70203040", "whatsapp:+4570203040", "0045 70203040", "+4570203040"],
)
def test_any_spelling_of_a_number_is_kept_as_twilio_writes_it(spelling: str) -> None:
    assert read_setup(f'[[number]]\naddress = "{spelling}"').numbers[0].address == "+4570203040"


def test_a_native_date_is_a_holiday() -> None:
    text = '[[hours]]\nname = "H"\nopen = {}\nholidays = [2026-12-24, "2026-12-25"]\n'
    assert read_setup(text).hours[0].holidays == ("2026-12-24", "2026-12-25")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[account\n", 1, ["not TOML"]),
        ('[account]\naccount_sid = "a"\naccount_sid = "b"\n', 3, ["not TOML"]),
        ("x = " + "[" * 3000 + "]" * 3000, 1, ["nested too deeply"]),
        ("\n\n[[numbr]]\naddress = '+4570203040'\n", 3, ["numbr", 'Did you mean "number"']),
        ('[account]\nname = "x"\n', 1, ["account_sid", "missing"]),
        (f"{ACCOUNT}nmae = 'x'\n", 3, ["account.nmae", 'Did you mean "name"']),
        ('[account]\n\naccount_sid = "AC12"\n', 3, ["AC and 32"]),
        ('[account]\naccount_sid = "SK00000000000000000000000000000000"\n', 2, ["API key"]),
        ("[account]\naccount_sid = 12\n", 2, ["needs a text", "12"]),
        ("[[account]]\naccount_sid = 'x'\n", 1, ["[account]", "one bracket"]),
        ("[number]\naddress = '+4570203040'\n", 1, ["[[number]]", "two brackets"]),
        ("number = 5\n", 1, ["list", "5"]),
        ("number = [5]\n", 1, ["table", "5"]),
        ("[[number]]\nname = 'x'\n", 1, ["address", "missing"]),
        ("[[number]]\naddress = 'hello'\n", 2, ["hello"]),
        ("[[number]]\naddress = 'DK.13C0F95A7B'\n", 2, ["country code"]),
        ("[[number]]\naddress = '+4570203040'\nsandbox = 'yes'\n", 3, ["true or false"]),
        ("[[queue]]\nname = ''\n", 2, ["must not be empty"]),
        ("[[queue]]\nname = 'Q'\nmembers = 'anna'\n", 3, ["list"]),
        ("[[queue]]\nname = 'Q'\nmembers = [\n  1,\n]\n", 4, ["text"]),
        ("[[queue]]\nname = 'Q'\nassignment = 'round_robin'\n", 3, ["round-robin"]),
        ("[[queue]]\nname = 'Q'\nhours = 'Office'\n", 3, ["no [[hours]]", "Office"]),
        ("[[queue]]\nname = 'Q'\nmembers = [\n 'anna']\n", 4, ["no [[representative]]"]),
        ("[[representative]]\nlogin = 'a'\nrole = 'boss'\n", 3, ["supervisor"]),
        ("[[representative]]\nlogin = 'a'\ncapacity = -1\n", 3, ["0 to 100"]),
        ("[[representative]]\nlogin = 'a'\ncapacity = true\n", 3, ["0 to 100", "true"]),
        ("[[representative]]\nlogin = 'a'\nskills = { danish = 'x' }\n", 3, ["skills.danish"]),
        ("[[representative]]\nlogin = 'a'\nskills = 3\n", 3, ["table"]),
        ("[[workstream]]\nname = 'W'\n", 1, ["numbers", "missing"]),
        ("[[workstream]]\nname = 'W'\nnumbers = ['x']\n", 3, ["no [[number]]", "none yet"]),
        ("[[workstream]]\nname='W'\nnumbers=[]\nlanguage='danish'\n", 4, ["language code"]),
        ("[[workstream]]\nname='W'\nnumbers=[]\ndistribution='pull'\n", 4, ["pick"]),
        ("[[workstream]]\nname='W'\nnumbers=[]\nfallback_queue='Q'\n", 4, ["no [[queue]]"]),
        ("[[workstream]]\nname='W'\nnumbers=[]\n[workstream.attachments]\nx=true\n", 5, ["x"]),
        ("[[workstream]]\nname='W'\nnumbers=[]\n[[workstream.rule]]\n", 4, ["queue", "missing"]),
        (f"{RULE}when={{ text_matches = '(' }}\n", 8, ["not a pattern"]),
        (f"{RULE}when={{ text_match = 'x' }}\n", 8, ['Did you mean "text_matches"']),
        (
            "[[workstream]]\nname='W'\nnumbers=[]\n[[workstream.rule]]\nwhen=3\nqueue='R'\n",
            5,
            ["table"],
        ),
        ("[[template]]\ncontent_sid='HX1'\nlanguage='da'\ntext='x'\n", 2, ["HX and 32"]),
        (f"[[template]]\ncontent_sid='{CONTENT_SID}'\nlanguage=''\ntext='x'\n", 3, ["empty"]),
        (
            f"[[template]]\ncontent_sid='{CONTENT_SID}'\nlanguage='da'\ntext='x'\nworkstream='W'\n",
            5,
            ["no [[workstream]]"],
        ),
        ("[[quick_reply]]\nkey='a'\n", 1, ["text", "missing"]),
        ("[[hours]]\nname='H'\nopen={ mond = '09:00-16:00' }\n", 3, ['Did you mean "mon"']),
        ("[[hours]]\nname='H'\n[hours.open]\nmon='9-16'\n", 4, ["09:00-16:00"]),
        ("[[hours]]\nname='H'\nopen={ mon='09:60-16:00' }\n", 3, ["does not exist"]),
        ("[[hours]]\nname='H'\nopen={ mon='09:00-24:01' }\n", 3, ["does not exist"]),
        ("[[hours]]\nname='H'\nopen={ mon='16:00-09:00' }\n", 3, ["end after"]),
        ("[[hours]]\nname='H'\nopen={}\ntimezone='Copenhagen'\n", 4, ["Europe/Copenhagen"]),
        ("[[hours]]\nname='H'\nopen={}\ntimezone='Europe'\n", 4, ["not a time zone"]),
        ("[[hours]]\nname='H'\nopen={}\ntimezone='../x'\n", 4, ["not a time zone"]),
        ("[[hours]]\nname='H'\nopen={}\nholidays=['24/12']\n", 4, ["2026-12-24"]),
        ("[[hours]]\nname='H'\nopen={}\nholidays=['2026-02-30']\n", 4, ["not a date"]),
        ("[[hours]]\nname='H'\nopen={}\nholidays=[7]\n", 4, ["not a date"]),
        ("[[automated_message]]\ntrigger='greetings'\ntext='x'\n", 2, ['"greeting"']),
        (
            "[[automated_message]]\ntrigger='greeting'\ntext='x'\nqueue='Q'\n",
            4,
            ["no [[queue]]"],
        ),
    ],
)
def test_a_wrong_file_is_told_with_line_and_mend(text: str, line: int, words: list[str]) -> None:
    found = problems_of(text)
    fitting = [each for each in found if each.startswith(f"line {line}:")]
    assert any(all(word in each for word in words) for each in fitting), found


@pytest.mark.parametrize(
    ("table", "entry", "key"),
    [
        ("number", "address = '{0}+4570203040'", "address"),
        ("queue", "name = 'Q'", "name"),
        ("representative", "login = 'anna'", "login"),
        ("workstream", "name = 'W'\nnumbers = []", "name"),
        ("hours", "name = 'H'\nopen = {}", "name"),
        ("template", f"content_sid = '{CONTENT_SID}'\nlanguage = 'da'\ntext = 'x'", "content_sid"),
        ("quick_reply", "key = 'eta'\nlanguage = 'da'\ntext = 'x'", "key"),
    ],
)
def test_a_doubled_name_names_both_lines(table: str, entry: str, key: str) -> None:
    first, second = entry.replace("{0}", ""), entry.replace("{0}", "whatsapp:")
    text = f"[[{table}]]\n{first}\n[[{table}]]\n{second}\n"
    (found,) = problems_of(text)
    assert found.startswith(f"line {text.count(chr(10), 0, text.rindex(key)) + 1}: {table}.{key}")
    assert "(line 2)" in found


def test_the_same_quick_reply_in_two_languages_is_not_doubled() -> None:
    text = '[[quick_reply]]\nkey="a"\ntext="x"\nlanguage="{}"\n'
    assert len(read_setup(text.format("da") + text.format("en")).quick_replies) == 2


@pytest.mark.parametrize(
    "text",
    [
        f'{ACCOUNT}auth_token = "0123456789abcdef"\n',
        'auth_token = "0123456789abcdef"\n',
        '[twilio]\nauth_token = "0123456789abcdef"\n',
        '[[secrets]]\nx = "0123456789abcdef"\n',
        '[[number]]\naddress = "+4570203040"\napi_key = "0123456789abcdef"\n',
        'account = { account_sid = "0123456789abcdef0123456789abcdef" }\n',
    ],
)
def test_a_secret_in_the_file_is_refused_and_never_repeated(text: str) -> None:
    found = " ".join(problems_of(text))
    assert "0123456789abcdef" not in found
    assert "never stands in this file" in found or "not an account SID" in found


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = f"""{ACCOUNT}
[[number]]
address = "nonsense"
color = "red"

[[queue]]
name = "Delivery"
members = ["nobody"]

[[workstream]]
name = "W"
numbers = ["+4511111111"]
fallback_queue = "Delivry"
"""
    found = problems_of(text)
    lines = [int(re.match(r"line (\d+):", each)[1]) for each in found]  # type: ignore[index]
    assert lines == [5, 6, 10, 14, 15]
    assert 'Did you mean "Delivery"' in found[-1]


def test_lines_are_right_behind_strings_that_look_like_toml() -> None:
    text = '''[[quick_reply]]
key = "a"
text = """
[[number]]
# not a comment ] } "" \\"""
"""
[[quick_reply]] # [[x]]
"key" = 'b # c'
text = \'\'\'[hours]
'\'\'\'
colour = 1
'''
    assert [each.split(":")[0] for each in problems_of(text)] == ["line 11"]


@settings(max_examples=150, deadline=None)
@given(setups())
def test_writing_and_reading_is_the_identity(setup: Setup) -> None:
    text = write_setup(setup)
    assert read_setup(text) == setup
    assert write_setup(read_setup(text)) == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*"[]{}=.,#'\"\n ", "number", "name", '"""', "1"]), max_size=40))
def test_no_text_makes_the_check_fall_over(parts: list[str]) -> None:
    assert all(each.startswith("line ") for each in complaints("".join(parts)))
