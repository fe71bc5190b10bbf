"""What `make bench` prints: ratios with their goals, the raw figures below them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One ratio.

    Attributes:
        name: What was compared with what.
        rounds: The ratio of each round, of two measurements made one after the other.
        goal: What is promised.
        larger: Whether a larger ratio is better.
        raw: The figures behind it, for people.
    """

    name: str
    rounds: Sequence[float]
    goal: float
    raw: str
    larger: bool = False

    @property
    def ratio(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.rounds)

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio >= self.goal if self.larger else self.ratio <= self.goal

    def line(self) -> str:
        """The result as a line: name, ratio, goal, met or not."""
        sign = ">=" if self.larger else "<="
        verdict = "met" if self.met else "NOT MET"
        return f"{self.name:<58} {self.ratio:6.2f}x   goal {sign} {self.goal:4.2f}x   {verdict}"

    def details(self) -> str:
        """The rounds and the raw figures, for who doubts."""
        rounds = " ".join(f"{each:.2f}" for each in self.rounds)
        return f"    rounds {rounds} | {self.raw}"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(results: Sequence[Result], *, say: Callable[[str], None]) -> None:
    """Print all results, the ratios first."""
    say("")
    for result in results:
        say(result.line())
    say("")
    for result in results:
        say(result.name)
        say(result.details())
