"""Few ticks with short words, on axes whose range is known only when they are drawn."""

from __future__ import annotations

import math

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, ScalarFormatter

_MOST = 4  # intervals: more would touch in a panel of half a page
_SHORT = 2.0  # decades, below which a power of ten alone says too little


def sparse(axis: Axis, low: float, high: float, *, logarithmic: bool) -> None:
    """At most a handful of ticks; a range that is short beside its values is written out, not as a sum of two numbers."""
    if not logarithmic:
        axis.set_major_locator(MaxNLocator(_MOST))
        axis.set_major_formatter(ScalarFormatter(useOffset=False, useMathText=True))
        return
    axis.set_minor_formatter(NullFormatter())
    if math.log10(high / low) < _SHORT:
        axis.set_major_locator(LogLocator(subs=(1.0, 3.0), numticks=99))
        axis.set_major_formatter(FuncFormatter(lambda value, _: _written(value)))


def _written(value: float) -> str:
    power = math.floor(math.log10(value) + 1e-9)
    if -3 <= power <= 3:
        return f"{value:g}"
    digit = round(value / 10.0**power)
    return f"$10^{{{power}}}$" if digit == 1 else rf"${digit}\times10^{{{power}}}$"
