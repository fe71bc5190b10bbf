"""Reads the samples under tests/data/samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"


def vectors() -> list[dict[str, Any]]:
    """Every signature vector."""
    loaded: list[dict[str, Any]] = json.loads((SAMPLES / "vectors.json").read_text())["vectors"]
    return loaded


def inbound() -> dict[str, dict[str, str]]:
    """Every inbound form by sample name."""
    files = sorted((SAMPLES / "inbound").glob("*.json"))
    return {file.stem: json.loads(file.read_text())["form"] for file in files}


def status_steps() -> list[tuple[str, dict[str, str]]]:
    """Every status callback as (sample name, form)."""
    return [
        (file.stem, step)
        for file in sorted((SAMPLES / "status").glob("*.json"))
        for step in json.loads(file.read_text())["steps"]
    ]
