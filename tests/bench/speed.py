"""The measurements: each of ours beside its bare counterpart, round by round, in turns."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench import bare_hello, bare_list
from tests.bench.report import Result, percentile
from tests.e2e.harness import PROGRAM, Place, listening, until
from tests.e2e.web import get_json
from tests.terminal.driver import Terminal, terminal

TOP = Path(__file__).resolve().parent.parent.parent
TOKEN, PUBLIC_URL = "an-auth-token-of-the-bench", "https://console.example.dk"
ACCOUNT = "AC" + "5ca1ab1e" * 4
SETUP = f"""
[account]
account_sid = "{ACCOUNT}"

[[number]]
name = "Support"
address = "+4571993000"

[[representative]]
login = "tester"
name = "Tester"
"""
SIZE = (150, 40)
START_ROUNDS, KEY_ROUNDS, KEYS, HOOK_ROUNDS, HOOK_S = 7, 3, 150, 5, 3.0
_QUIET_S = 0.05


@dataclass(frozen=True, slots=True)
class Bench:
    """The store and the computer that everything is measured on.

    Attributes:
        home: Of a store with 10,000 conversations.
        first: The name in the first row of its inbox.
    """

    place: Place
    home: Path
    first: str


def make_bench(folder: Path, *, conversations: int, messages: int) -> Bench:
    """Fill a store and find out what its inbox begins with."""
    place = Place.in_folder(folder).with_env(
        WA_CONSOLE_PORT="0",
        WA_CONSOLE_POLL="0",
        WA_CONSOLE_PUBLIC_URL=PUBLIC_URL,
        WA_CONSOLE_TWILIO_BASE_URL="http://127.0.0.1:9",
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
        COLORTERM="truecolor",
        PYTHONPATH=str(TOP),
    )
    home = place.home()
    place.run("apply", "-", home=home, stdin=SETUP).ok()
    place.run(
        *("fill", "--conversations", str(conversations), "--messages", str(messages)),
        home=home,
        within=600,
    ).ok()
    listed = place.run("list", "--view", "mine", "--limit", "1", "--json", home=home).ok().lines
    return Bench(place, home, listed[0]["customer"]["name"])


# --- first usable frame ------------------------------------------------------------------------


def first_frame(bench: Bench, command: Sequence[str], word: str) -> float:
    """Return the seconds from the fork until a word is on the terminal."""
    sought = word.encode()
    start = time.perf_counter()
    with terminal(command, env=bench.place.env, cwd=bench.place.folder, size=SIZE) as opened:
        while sought not in opened.record:
            assert opened.pump(10.0), bytes(opened.record)
        return time.perf_counter() - start


def start_up(bench: Bench, *, rounds: int = START_ROUNDS) -> list[Result]:
    """Compare the inbox of 10,000, and `list`, with a bare Textual hello-world."""
    ours = [*PROGRAM, "--home", str(bench.home)]
    # A console that is killed leaves its lease to the operating system: nothing to tidy up.
    cases: dict[str, Callable[[], float]] = {
        "bare": lambda: first_frame(
            bench, [sys.executable, "-m", "tests.bench.bare_hello"], bare_hello.READY
        ),
        "inbox": lambda: first_frame(bench, ours, bench.first),
        "list": lambda: first_frame(bench, [*ours, "list", "--view", "mine"], bench.first),
    }
    taken = in_turns(cases, rounds=rounds)
    return [
        compared("first usable frame: inbox of 10,000 / Textual hello", taken, "inbox", goal=2.0),
        compared("`list` until its first row / Textual hello", taken, "list", goal=2.0),
    ]


def in_turns(cases: dict[str, Callable[[], float]], *, rounds: int) -> dict[str, list[float]]:
    """Measure all cases in every round, one after the other; a first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, measure in cases.items():
            seconds = measure()
            if number:
                taken[name].append(seconds)
    return taken


def compared(name: str, taken: dict[str, list[float]], case: str, *, goal: float) -> Result:
    """Return a case against ``bare``, round by round."""
    ratios = [ours / bare for ours, bare in zip(taken[case], taken["bare"], strict=True)]
    raw = ", ".join(
        f"{each} median {1000 * statistics.median(taken[each]):.0f} ms" for each in (case, "bare")
    )
    return Result(name, ratios, goal, raw)


# --- key to paint ------------------------------------------------------------------------------


def key_times(opened: Terminal, *, keys: int, dice: random.Random) -> list[float]:
    """Press j and k in turns of forty; return the seconds until the terminal is written to."""
    taken = []
    for number in range(keys):
        pause = time.perf_counter() + dice.uniform(0.02, 0.06)
        while (left := pause - time.perf_counter()) > 0 or _second_turns():
            opened.pump(max(left, 0.005))
        while opened.pump(0) and _more(opened):
            pass
        count, start = len(opened.record), time.perf_counter()
        opened.press("j" if number // 40 % 2 == 0 else "k")
        while len(opened.record) == count:
            assert opened.pump(5.0)
        taken.append(time.perf_counter() - start)
    return taken


def _second_turns() -> bool:
    """Whether the countdowns tick about now: their paint must not pass for a key's."""
    return not 0.1 < time.time() % 1 < 0.95


def _more(opened: Terminal) -> bool:
    count = len(opened.record)
    opened.pump(0)
    return len(opened.record) > count


def key_to_paint(bench: Bench, *, rounds: int = KEY_ROUNDS, keys: int = KEYS) -> list[Result]:
    """Compare a key in the inbox of 10,000 with one in Textual's own list of 100."""
    programs = {
        "bare": ([sys.executable, "-m", "tests.bench.bare_list"], bare_list.READY),
        "inbox": ([*PROGRAM, "--home", str(bench.home)], bench.first),
    }
    times: dict[str, list[list[float]]] = {name: [] for name in programs}
    dice = random.Random(1)
    for _round in range(rounds):
        for name, (command, word) in programs.items():
            env, folder = bench.place.env, bench.place.folder
            with terminal(command, env=env, cwd=folder, size=SIZE) as opened:
                opened.shows(word)
                if name == "inbox":
                    opened.press("]", "]", "]")  # all 10,000
                opened.still(for_s=_QUIET_S)
                key_times(opened, keys=20, dice=dice)
                times[name].append(key_times(opened, keys=keys, dice=dice))
    return [_keys_compared(times, share) for share in (0.50, 0.99)]


def _keys_compared(times: dict[str, list[list[float]]], share: float) -> Result:
    def at(values: Sequence[float]) -> float:
        return percentile(values, share)

    ratios = [at(ours) / at(bare) for ours, bare in zip(*_pair(times), strict=True)]
    pooled = {name: at([v for each in rounds for v in each]) for name, rounds in times.items()}
    raw = ", ".join(f"{name} {1000 * value:.1f} ms" for name, value in pooled.items())
    name = f"key to paint p{100 * share:.0f}: inbox of 10,000 / Textual list of 100"
    return Result(name, ratios, 1.0, raw)


def _pair(times: dict[str, list[list[float]]]) -> tuple[list[list[float]], list[list[float]]]:
    return times["inbox"], times["bare"]


# --- durable webhooks --------------------------------------------------------------------------


def webhooks(bench: Bench, *, rounds: int = HOOK_ROUNDS, seconds: float = HOOK_S) -> list[Result]:
    """Compare stored webhooks per second with the same aiohttp server doing nothing."""
    place = bench.place
    home = place.home("hooks")
    place.run("apply", "-", home=home, stdin=SETUP).ok()
    with ExitStack() as stack:
        bare = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.bare_server"],
                env=dict(place.env),
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(bare.terminate)
        assert bare.stdout
        bare_url = bare.stdout.readline().removeprefix("listening on ").strip()
        engine = stack.enter_context(place.started("engine", "--port", "0", home=home))
        url = listening(engine)
        marks = iter(range(1, 1000))
        rates: dict[str, list[float]] = {"bare": [], "engine": []}
        for _round in range(rounds + 1):
            rates["bare"].append(_rate(place, bare_url, seconds, next(marks)))
            rates["engine"].append(_rate(place, url, seconds, next(marks)))
            until(
                lambda: get_json(f"{url}/healthz")["journal_behind"] == 0,
                within=120,
                what="the projection",
            )
    ours, others = rates["engine"][1:], rates["bare"][1:]
    raw = f"engine {statistics.median(ours):.0f}/s, doing nothing {statistics.median(others):.0f}/s"
    ratios = [stored / idle for stored, idle in zip(ours, others, strict=True)]
    name = "durable signed webhooks / the same aiohttp server doing nothing"
    return [Result(name, ratios, 0.5, raw, larger=True)]


def _rate(place: Place, url: str, seconds: float, mark: int) -> float:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench.client"),
            *(url, PUBLIC_URL, TOKEN, str(seconds), str(mark)),
        ],
        env=dict(place.env),
        capture_output=True,
        text=True,
        check=True,
        timeout=60 + seconds,
    )
    told = json.loads(done.stdout)
    assert told["bad"] == 0, told
    return float(told["good"] / told["seconds"])
