"""The colours of the page: those of the figures, by what they mean, and those that only a page needs. Light and dark."""

from __future__ import annotations

from collections.abc import Mapping

from derivations.figures.style import DARK, LIGHT, Style

LIGHT_PAGE = {
    "paper": "#fbfaf7", "card": "#ffffff", "ink": "#1a1a1a", "muted": "#59616d", "rule": "#dedad1", "tint": "#f2efe8",
    "passes": "#1c6b3c", "passes-tint": "#e3f1e6", "alarm": "#b3261e", "alarm-tint": "#fbe6e3",
    "caution": "#7a4d00", "caution-tint": "#fbf0d6",
}  # fmt: skip
DARK_PAGE = {
    "paper": "#14181c", "card": "#1b2026", "ink": "#ececec", "muted": "#a5adb8", "rule": "#343a43", "tint": "#22282f",
    "passes": "#7ed39b", "passes-tint": "#17301f", "alarm": "#ff8f84", "alarm-tint": "#401d1a",
    "caution": "#f0c674", "caution-tint": "#362a10",
}  # fmt: skip


def colours(style: Style, page: Mapping[str, str]) -> dict[str, str]:
    """All colours by name; the accent of links and labels is the colour of simulations."""
    shared = {name: str(getattr(style, name)) for name in ("theory", "simulation", "bound", "broken")}
    return {**shared, "accent": style.simulation, **page}


def variables() -> str:
    """The palettes as style sheet: after the system's choice, unless the reader chose; light on paper."""
    light, dark = (
        ";".join(f"--{name}:{value}" for name, value in of.items()) for of in (colours(LIGHT, LIGHT_PAGE), colours(DARK, DARK_PAGE))
    )  # fmt: skip
    return (
        f":root{{color-scheme:light;{light}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}"
        f"@media print{{:root:root{{color-scheme:light;{light}}}}}"
    )
