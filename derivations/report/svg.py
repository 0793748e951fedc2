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
        up = [(self.up(value), name) for value, name in self.y.ticks(5 if self.height > 200 else 3)]
        across = [(self.across(value), name) for value, name in (self.x.ticks() if x_ticks else ())]
        marks = "".join([f"M{LEFT} {y}h-8" for y, _ in up] + [f"M{x} {bottom}v8" for x, _ in across])
        drawn = [el("path", d=f"M{LEFT} {self.top}V{bottom}H{right}{marks}", class_="frame")]
        left = [el("text", name, y=y, class_=None if len(name) < _LONG else "long") for y, name in up]
        drawn += [el("g", *left, class_="y", transform=f"translate({LEFT - 14} 8)")] if left else []
        below = [el("text", name, x=x) for x, name in across]
        drawn += [el("g", *below, transform=f"translate(0 {bottom + 34})")] if below else []
        drawn += [_named(x_name, (LEFT + right) // 2, bottom + 66, turned=False)] if x_ticks else []
        return join([*drawn, _named(y_name, 22, self.top + self.height // 2, turned=True)])

    def band(self, low: float, high: float) -> Html:
        """What the bound allows, from ``low`` to ``high``."""
        above, below = self.up(high), self.up(low)
        return el("path", d=f"M{LEFT} {above}H{WIDTH - RIGHT}V{below}H{LEFT}z", class_="band")

    def bars(self, spans: Iterable[tuple[float, float, float]]) -> Html:
        """What the bound allows at each point: (x, low, high)."""
        ends = dict.fromkeys((self.across(x), self.up(low), self.up(high)) for x, low, high in spans)
        return el("path", d=_from_one_to_the_next(((x, low), f"v{high - low}", (x, high)) for x, low, high in ends), class_="bars")

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
        return self._marks(points, "dots", "h0", 0)

    def crosses(self, points: Iterable[tuple[float, float]]) -> Html:
        """Crosses, of what leaves the bound."""
        return self._marks(points, "crosses", "l14 14m0-14l-14 14", 7)

    def _marks(self, points: Iterable[tuple[float, float]], kind: str, mark: str, half: int) -> Html:
        """A mark of that half width at every point, from its upper left to its lower left; once where points are in one place."""
        places = dict.fromkeys((self.across(x) - half, self.up(y)) for x, y in points)
        data = _from_one_to_the_next(((x, y - half), mark, (x, y + half)) for x, y in places)
        return el("path", d=data, class_=kind) if data else Html()


Place = tuple[int, int]


def _from_one_to_the_next(drawn: Iterable[tuple[Place, str, Place]]) -> str:
    """Parts of a path: where each begins, how it goes on, where it ends; a move is relative to the end before it, which is shorter."""
    data, (x, y) = list[str](), (0, 0)
    for start, rest, end in drawn:
        across, up = start[0] - x, start[1] - y
        data.append(f"m{across}{'' if up < 0 else ' '}{up}{rest}")
        x, y = end
    return "".join(data)


NAMES = {"deviation / bound": "axis-share", "setting": "axis-setting", "predicted": "axis-predicted", "observed": "axis-observed"}
_TURNED = ("axis-share", "axis-observed")


def names_of_axes() -> Html:
    """The names that nearly all axes have, which a page with plots has to have once."""
    turned = {name: "rotate(-90)" for name, id in NAMES.items() if id in _TURNED}
    drawn = (el("text", name, id=id, transform=turned.get(name)) for name, id in NAMES.items())
    return el("svg", *drawn, hidden=True)  # without a class: the look is that of where they are used


def _named(name: str, x: int, y: int, *, turned: bool) -> Html:
    """The name of an axis."""
    if name in NAMES and (NAMES[name] in _TURNED) is turned:
        return el("use", href=f"#{NAMES[name]}", x=x, y=y)
    return el("text", name, transform=f"translate({x} {y}){'rotate(-90)' * turned}", class_="name")


def picture(height: int, said: str, *parts: Html) -> Html:
    """The plot, with what it shows in words for who cannot see it."""
    return el("svg", *parts, viewBox=f"0 0 {WIDTH} {height}", role="img", aria_label=said, class_="plot")
