"""`make bench`: the speed promises as ratios, all in one run.

Ratios only decide: both sides are measured on this machine, one after the other, so that what else
runs here troubles both. Never a part of `make test`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import speed
from tests.bench.report import Result, show

MEASURES = {"start": speed.start_up, "keys": speed.key_to_paint, "hooks": speed.webhooks}


def main() -> int:
    """Measure and print; 1 if a goal is not met."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="|".join(MEASURES))
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=50_000)
    wanted = parser.parse_args()
    names = wanted.measures or list(MEASURES)
    if set(names) - set(MEASURES):
        parser.error(f"measures are {', '.join(MEASURES)}")
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="wa-bench-") as folder:
        say(f"filling a store with {wanted.conversations:,} conversations …")
        bench = speed.make_bench(
            Path(folder), conversations=wanted.conversations, messages=wanted.messages
        )
        for name in names:
            say(f"measuring {name} …")
            results += MEASURES[name](bench)
    show(results, say=say)
    return 0 if all(result.met for result in results) else 1


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - its one duty


if __name__ == "__main__":
    sys.exit(main())
