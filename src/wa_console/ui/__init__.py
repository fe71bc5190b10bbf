"""The screens. Sets the frame rate before anything below imports Textual; may do nothing else."""

from __future__ import annotations

import os

# Textual reads it once, when it is imported. A key waits for the repaint timer: at 60 frames a
# second that alone is up to 17 ms of the path from key to paint (research: performance.md, 2a).
os.environ.setdefault("TEXTUAL_FPS", "240")

# Textual takes an empty NO_COLOR for a wish; the standard (no-color.org) says it is none.
if os.environ.get("NO_COLOR") == "":
    del os.environ["NO_COLOR"]
