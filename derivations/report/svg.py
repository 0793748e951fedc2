"""A panel of a plot as SVG: frame, ticks, words, points and bands; coordinates are whole numbers, so that a page stays small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from derivations.report.markup import Html, el, join
from derivations.report.scales import Scale

WIDTH, LEFT, RIGHT = 720, 134, 18  # in half pixels of a plot that is shown at its usual size
_LONG = 8  # letters of a tick's word, from which on it is set smaller


@dataclass(frozen=True)
class Panel:
    """A rectangle with two axes; ``top`` and ``height`` in the units of the plot."""

    x: Scale
    y: Scale
    top: int
    height: int

    def across(self, value: float) -> int:
        """Where a value of the horizontal axis is."""
        return round(LEFT + self.x.place(value) * (WIDTH - LEFT - RIGHT))

    def up(self, value: float) -> int:
        """Where a value of the vertical axis is."""
        return round(self.top + (1 - self.y.place(value)) * self.height)

    def frame(self, x_name: str, y_name: str, *, x_ticks: bool = True) -> Html:
        """Axes with ticks and names; without ``x_ticks`` the panel below names them."""
        bottom, right = self.top + self.height, WIDTH - RIGHT
        marks = [f"M{LEFT} {self.top}V{bottom}H{right}"]
        texts: list[Html] = []
        for value, name in self.y.ticks(5 if self.height > 200 else 3):
            marks.append(f"M{LEFT - 8} {self.up(value)}H{LEFT}")
            texts.append(el("text", name, x=LEFT - 14, y=self.up(value) + 8, class_="y" if len(name) < _LONG else "y long"))
        for value, name in self.x.ticks() if x_ticks else ():
            marks.append(f"M{self.across(value)} {bottom}V{bottom + 8}")
            texts.append(el("text", name, x=self.across(value), y=bottom + 34))
        if x_ticks:
            texts.append(el("text", x_name, x=(LEFT + right) // 2, y=bottom + 66, class_="name"))
        turned = f"translate(22 {self.top + self.height // 2})rotate(-90)"
        return join([el("path", d="".join(marks), class_="frame"), *texts, el("text", y_name, transform=turned, class_="name")])

    def band(self, low: float, high: float) -> Html:
        """What the bound allows, from ``low`` to ``high``."""
        above, below = self.up(high), self.up(low)
        return el("path", d=f"M{LEFT} {above}H{WIDTH - RIGHT}V{below}H{LEFT}z", class_="band")

    def bars(self, spans: Iterable[tuple[float, float, float]]) -> Html:
        """What the bound allows at each point: (x, low, high)."""
        drawn = (f"M{self.across(x)} {self.up(low)}V{self.up(high)}" for x, low, high in spans)
        return el("path", d="".join(dict.fromkeys(drawn)), class_="bars")

    def level(self, value: float, kind: str) -> Html:
        """A horizontal line."""
        return el("path", d=f"M{LEFT} {self.up(value)}H{WIDTH - RIGHT}", class_=kind)

    def curve(self, points: Sequence[tuple[float, float]], kind: str) -> Html:
        """A line through the points."""
        return el("path", d="M" + "L".join(f"{self.across(x)} {self.up(y)}" for x, y in points), class_=kind)

    def words(self, *named: tuple[str, tuple[float, float]]) -> Html:
        """What curves are, at their ends: the highest above it, the others below where they would meet."""
        above: int | None = None
        drawn: list[Html] = []
        for text, (x, y) in sorted(named, key=lambda one: self.up(one[1][1])):
            up = self.up(y)
            below = above is not None and up - 14 < above + 24
            above = max(up + 30, (above or 0) + 24) if below else up - 14
            drawn.append(el("text", text, x=self.across(x) + 6, y=above, class_="end"))
        return join(drawn)

    def dots(self, points: Iterable[tuple[float, float]]) -> Html:
        """Round points, of a simulation that stays within the bound."""
        return _marks((f"M{self.across(x)} {self.up(y)}h0" for x, y in points), "dots")

    def crosses(self, points: Iterable[tuple[float, float]]) -> Html:
        """Crosses, of what leaves the bound."""
        places = ((self.across(x), self.up(y)) for x, y in points)
        return _marks((f"M{x - 7} {y - 7}l14 14m0-14l-14 14" for x, y in places), "crosses")


def _marks(drawn: Iterable[str], kind: str) -> Html:
    data = "".join(dict.fromkeys(drawn))
    return el("path", d=data, class_=kind) if data else Html()


def picture(height: int, said: str, *parts: Html) -> Html:
    """The plot, with what it shows in words for who cannot see it."""
    return el("svg", *parts, viewBox=f"0 0 {WIDTH} {height}", role="img", aria_label=said, class_="plot")
