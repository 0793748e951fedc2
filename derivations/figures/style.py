"""One style for every picture: who wears which colour, line and marker, sizes, fonts, light and dark.

What is claimed, seen, allowed and wrong look the same everywhere, and differ without colour too: by lightness, and by line or marker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

Dashes = str | tuple[float, tuple[float, ...]]
SOLID: Dashes = "-"
DASHED: Dashes = (0, (5, 2))
DASHES: tuple[Dashes, ...] = (SOLID, (0, (7, 2)), (0, (7, 2, 1.5, 2)), (0, (1.5, 1.5)))
MARKERS = ("o", "s", "^", "D", "v", "P")
_WORDS, _SHADES = 4.5, 50  # contrast of small words with the paper, as guidelines (WCAG 2) ask; shades that are tried
FULL_WIDTH, HALF_WIDTH = 7.0, 3.4  # inches: a page of a paper across, and one column of two


@dataclass(frozen=True)
class Style:
    """Colours by what they stand for. ``series``: where several settings share a picture, the same order everywhere."""

    ink: str  # axes, words, and what theory says
    paper: str
    theory: str
    simulation: str
    bound: str  # a band, opaque
    broken: str
    quiet: str  # what is there for comparison only
    faint: str  # grid and guides
    series: tuple[str, ...]

    def parameters(self) -> dict[str, Any]:
        """For `matplotlib.rc_context`; the same figure gives the same bytes."""
        return {
            "svg.hashsalt": "normlaw",
            "svg.fonttype": "path",
            "pdf.fonttype": 42,
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "mathtext.fontset": "dejavusans",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": self.ink,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "legend.frameon": False,
            **(self._coloured() if self.paper != "#ffffff" else {}),
        }

    def _coloured(self) -> dict[str, Any]:
        inked = ("text.color", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color")
        papered = ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
        return {**dict.fromkeys(inked, self.ink), **dict.fromkeys(papered, self.paper)}


LIGHT = Style(
    ink="#1a1a1a", paper="#ffffff", theory="#1a1a1a", simulation="#1f5f8b", bound="#cfdde6", broken="#c8501e", quiet="#7a7a7a",
    faint="#b5b5b5", series=("#1f5f8b", "#c07c1c", "#8c1c13", "#6a8f4f", "#7a7a7a", "#1a1a1a"),
)  # fmt: skip
DARK = replace(
    LIGHT, ink="#ececec", paper="#14181c", theory="#ececec", simulation="#6fb3e0", bound="#2c3f4d", broken="#de6830", quiet="#9a9a9a",
    faint="#565c61", series=("#6fb3e0", "#e0a868", "#d9665c", "#9cc27f", "#9a9a9a", "#ececec"),
)  # fmt: skip
STYLES = {"light": LIGHT, "dark": DARK}
STYLE = LIGHT.parameters()


def worded(colour: str, style: Style) -> str:
    """The colour for small words, which need more contrast than lines do: no nearer to the ink than it must be."""
    shades = (_mixed(colour, style.ink, part / _SHADES) for part in range(_SHADES))
    return next((shade for shade in shades if contrast(shade, style.paper) >= _WORDS), style.ink)


def _mixed(one: str, other: str, part: float) -> str:
    pairs = [[int(c[i : i + 2], 16) for c in (one, other)] for i in (1, 3, 5)]
    return "#" + "".join(f"{round((1 - part) * a + part * b):02x}" for a, b in pairs)


def lightness(colour: str) -> float:
    """CIE L* of ``#rrggbb`` (0 black, 100 white): what is left of a colour in grey."""
    linear = [_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)]
    y = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def _linear(part: float) -> float:
    """Of an sRGB component."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """Ratio of luminances, 1 to 21, as accessibility guidelines (WCAG 2) have it."""
    parts = [[_linear(int(c[i : i + 2], 16) / 255) for i in (1, 3, 5)] for c in (one, other)]
    bright = sorted(sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), part, strict=True)) + 0.05 for part in parts)
    return bright[1] / bright[0]
