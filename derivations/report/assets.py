"""What the page carries: its style and script, and KaTeX with its fonts as data, so that nothing is fetched."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib import resources

from derivations.report.palette import variables

_FACE = re.compile(r"@font-face\{[^}]*\}")
_WOFF2 = re.compile(r"url\(fonts/([\w-]+\.woff2)\) format\(.woff2.\)")
_SOURCE = re.compile(r"src:[^;}]*")


def _folder() -> resources.abc.Traversable:
    return resources.files("derivations.report") / "assets"


def _text(*path: str) -> str:
    return _folder().joinpath(*path).read_text(encoding="utf-8")


@cache
def style() -> str:
    """All of the style: KaTeX, the palette, the page."""
    return _FACE.sub(_inlined, _text("katex", "katex.min.css")) + variables() + _text("report.css")


def _inlined(face: re.Match[str]) -> str:
    """The face with its font as data; nothing, where the font is none that formulas of this project need."""
    font = _WOFF2.search(face[0])
    file = _folder().joinpath("katex", "fonts", font[1]) if font else None
    if file is None or not file.is_file():
        return ""
    data = base64.b64encode(file.read_bytes()).decode()
    return _SOURCE.sub(f"src:url(data:font/woff2;base64,{data}) format('woff2')", face[0])


@cache
def katex() -> str:
    """KaTeX as it was published."""
    return _text("katex", "katex.min.js")


@cache
def pure() -> str:
    """The part of the page's script that needs no page."""
    return _text("pure.js")


@cache
def script() -> str:
    """KaTeX and the scripts of the page; a closing tag in a string cannot end the element."""
    return "\n".join((katex(), pure(), _text("report.js"))).replace("</script", r"<\/script")


@cache
def licence() -> str:
    """KaTeX's licence, which goes where KaTeX goes."""
    return _text("katex", "LICENSE").strip()
