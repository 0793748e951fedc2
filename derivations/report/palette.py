"""The colours of the page, by what they mean; the same words name line, point and band everywhere. Light, and on black."""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "theory": "#1f4e8c", "simulation": "#0f766e", "bound": "#9a8ac2", "broken": "#b3261e",
    "paper": "#fbfaf7", "card": "#ffffff", "ink": "#1b1f24", "muted": "#59616d", "rule": "#dedad1", "tint": "#f2efe8",
    "passes": "#1c6b3c", "passes-tint": "#e3f1e6", "broken-tint": "#fbe6e3", "caution": "#7a4d00", "caution-tint": "#fbf0d6",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "theory": "#8ab8f5", "simulation": "#4fc9bb", "bound": "#8a7bb8", "broken": "#ff8f84",
    "paper": "#14171b", "card": "#1b1f25", "ink": "#e8e6e1", "muted": "#a5adb8", "rule": "#343a43", "tint": "#22272e",
    "passes": "#7ed39b", "passes-tint": "#17301f", "broken-tint": "#401d1a", "caution": "#f0c674", "caution-tint": "#362a10",
}  # fmt: skip


def variables() -> str:
    """The palettes as style sheet: after the system's choice, unless the reader chose."""
    light, dark = (";".join(f"--{name}:{value}" for name, value in of.items()) for of in (LIGHT, DARK))
    return (
        f":root{{color-scheme:light;{light}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}"
        f"@media print{{:root:root{{color-scheme:light;{light}}}}}"
    )
