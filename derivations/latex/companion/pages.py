r"""Fragments in a document of many pages: a long display may be broken over two of them, and what announces one stays with it.

Only the companion needs it: rows of an ``aligned`` stay together, so that a long one leaves the foot of a page white.
"""

from __future__ import annotations

import re

MANY = 4  # rows: fewer stay together
_ROWS = r"(?P<rows>(?:(?!\\\]|\\end\{aligned\}).)*)"
_DISPLAY = re.compile(rf"\\\[\n\\begin\{{aligned\}}\n{_ROWS}\n\\end\{{aligned\}}(?P<end>[^\n]*)\n\\\]", re.DOTALL)
_THEN = re.compile(r"^Then$(?=\n\\lawcase)", re.MULTILINE)
_INSTEAD = "; there instead\n"


def over_pages(fragment: str) -> str:
    """The fragment with rows between which a page may end, and none that ends after what only announces a formula."""
    kept = _THEN.sub(r"Then\\par\\nobreak", fragment).replace(_INSTEAD, r"; there~instead\displaywidowpenalty=10000" + "\n")
    return _DISPLAY.sub(_broken, kept)


def _broken(display: re.Match[str]) -> str:
    rows = display["rows"]
    if rows.count("\n") < MANY - 1 or r"\begin{" in rows:  # rows of something inside are no rows of the display
        return display[0]
    return f"\\begin{{align*}}\n{rows}{display['end']}\n\\end{{align*}}"
