"""From a value to a place on an axis: linear, logarithmic, or both around zero (asinh)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derivations.report.formulas import number, power_of_ten

_DECADES = 1.5  # of positive values, from which on an axis is logarithmic
_MANY = 30.0  # times the smallest size: from there values of both signs need an asinh axis


@dataclass(frozen=True)
class Scale:
    """``place`` of a value between 0 and 1 of an axis, values beyond its ends at the ends; ``ticks`` with their words."""

    kind: str  # linear, log, asinh, or whole, which is linear with ticks at whole numbers
    low: float
    high: float
    unit: float = 1.0  # of an asinh axis: linear below it

    def forward(self, value: float) -> float:
        """The value where the axis is straight."""
        if self.kind == "log":
            return math.log10(value) if value > 0 else -math.inf
        return math.asinh(value / self.unit) if self.kind == "asinh" else value

    def place(self, value: float) -> float:
        """Where a value is; a NaN is at the far end."""
        if math.isnan(value):
            return 1.0
        low, high = self.forward(self.low), self.forward(self.high)
        return min(1.0, max(0.0, (self.forward(value) - low) / (high - low)))

    def ticks(self, most: int = 5) -> list[tuple[float, str]]:
        """Round values within the axis, at most so many."""
        if self.kind == "log":
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            every = max(1, math.ceil((last - first + 1) / most))
            powers = [e for e in range(first, last + 1) if e % every == 0]
            return [(10.0**e, power_of_ten(e)) for e in powers] if len(powers) > 1 else self._even(most)
        return self._signed(most) if self.kind == "asinh" else self._even(most)

    def _even(self, most: int) -> list[tuple[float, str]]:
        span = self.high - self.low
        step = 10.0 ** math.floor(math.log10(span))
        steps = [step * f for f in (0.1, 0.2, 0.5, 1, 2, 5) if span / (step * f) <= most and (self.kind != "whole" or step * f >= 1)]
        step = min(steps, default=1.0 if self.kind == "whole" else span)
        first = math.ceil(self.low / step - 1e-9)
        values = [i * step for i in range(first, math.floor(self.high / step + 1e-9) + 1)]
        return [(v, _plain(v, step)) for v in values]

    def _signed(self, most: int) -> list[tuple[float, str]]:
        largest = max(abs(self.low), abs(self.high))
        top, bottom = math.floor(math.log10(largest)), math.ceil(math.log10(self.unit))
        every = max(1, math.ceil((top - bottom + 1) / max(1, most // 2)))
        sizes = [10.0**e for e in range(top, bottom - 1, -every)]
        values = [*(-s for s in sizes), 0.0, *reversed(sizes)]
        return [(v, number(v)) for v in values if self.low <= v <= self.high]


def _plain(value: float, step: float) -> str:
    if abs(value) < step * 1e-9:
        return "0"
    digits = max(1, math.floor(math.log10(abs(value))) - math.floor(math.log10(step)) + 1)
    text = f"{value:.{digits}g}"
    if "e" not in text or 1e-3 <= abs(value) < 1e5:
        return f"{float(text):g}".replace("-", "−")
    mantissa, _, power = text.partition("e")
    return f"{float(mantissa):g}·{power_of_ten(int(power))}".replace("-", "−")


def scale_of(values: Sequence[float]) -> Scale:
    """An axis on which these finite values can be told apart."""
    low, high = min(values), max(values)
    if low > 0 and math.log10(high / low) > _DECADES:
        room = (high / low) ** 0.05
        return Scale("log", low / room, high * room)
    if low < high and (sizes := sorted(abs(v) for v in values if v)):
        middle = sizes[len(sizes) // 2]
        if sizes[-1] > _MANY * middle:
            unit = max(sizes[len(sizes) // 10], sizes[-1] * 1e-9)
            return _widened("asinh", low, high, unit)
    return _widened("linear", low, high, 1.0)


def _widened(kind: str, low: float, high: float, unit: float) -> Scale:
    scale = Scale(kind, low, high, unit)
    if low == high:
        room = 0.1 * abs(low) or 1.0
        return Scale("linear", low - room, high + room)
    back: Callable[[float], float] = (lambda y: math.sinh(y) * unit) if kind == "asinh" else float
    first, last = scale.forward(low), scale.forward(high)
    room = 0.06 * (last - first)
    return Scale(kind, back(first - room), back(last + room), unit)


def share_scale(shares: Sequence[float], *, logarithmic: bool) -> Scale:
    """An axis for deviation over bound, the bound itself on it; logarithmic as soon as something is beyond the bound."""
    finite = [s for s in shares if math.isfinite(s)]
    top = max([*finite, 1.0])
    if not logarithmic and all(s <= 1 for s in shares):
        return Scale("linear", 0.0, 1.25)
    small = min((s for s in finite if s > 0), default=0.1)
    return Scale("log", max(min(small, 0.1) / 2, top * 1e-18), top * (3.0 if len(finite) == len(shares) else 100.0))
