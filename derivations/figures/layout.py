"""How the panels of a figure lie on the page."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from derivations.figures.style import FULL_WIDTH


@dataclass(frozen=True)
class Layout:
    """``widths`` and ``heights`` of columns and rows, relative; ``shared``: panels of a column have one x axis."""

    widths: tuple[float, ...] = (1.0,)
    heights: tuple[float, ...] = (1.0,)
    height: float = 3.4  # inches
    width: float = FULL_WIDTH
    shared: bool = False

    def panels(self) -> tuple[Figure, tuple[Axes, ...]]:
        """A figure and its panels, row by row."""
        figure = Figure(figsize=(self.width, self.height), layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.05, wspace=0.03))
        grid = figure.subplots(len(self.heights), len(self.widths), squeeze=False, sharex="col" if self.shared else False,
                               width_ratios=self.widths, height_ratios=self.heights)  # fmt: skip
        return figure, tuple(grid.ravel())
