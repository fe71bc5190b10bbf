"""What our virtual lists share over Textual's `ScrollView`."""

from __future__ import annotations

from textual.scroll_view import ScrollView


class VirtualView(ScrollView, can_focus=True):
    """A view that draws its own rows and says itself where it is scrolled to."""

    def _scroll_rows(self, y: int) -> None:
        """Scroll to a row at once, as far as there are rows.

        The bar is told too: Textual tells it only while it is shown, and a view that is filled
        before its first layout would keep the thumb at the top.
        """
        self.scroll_to(y=y, animate=False, force=True)
        if self.is_mounted:
            self.vertical_scrollbar.position = self.scroll_y
