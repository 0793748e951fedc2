"""What the kernel says of a goal that it does not decide, as a reader of the paper understands it."""

from __future__ import annotations

import re

from derivations.latex.printed import printed_latex
from derivations.latex.words import plain_latex
from theory.kernel import Verdict

_NOTHING = "no certificate and no counterexample"
_OFF = re.compile(r"off by \S+(?:; off by \S+)*")
_MUST = re.compile(r"(?P<what>.+) must (?P<be>be positive|not be 0|not be negative|stay in its range)")
_SIGNS = {"be positive": "> 0", "not be 0": r"\ne 0", "not be negative": r"\ge 0"}


def undecided_latex(verdict: Verdict) -> str:
    """Why a goal is undecided, in words."""
    if verdict.detail == _NOTHING:
        return "neither proof nor counterexample"
    if _OFF.fullmatch(verdict.detail):
        return "the proof by induction fails, and no run that breaks it was found"
    asked = [_MUST.fullmatch(part) for part in verdict.detail.split("; ")]
    if all(asked):
        return f"not known to be defined, which takes {', '.join(_condition(found) for found in asked if found)}"
    return plain_latex(verdict.detail)


def _condition(found: re.Match[str]) -> str:
    what = printed_latex(found["what"])
    return f"${what} {_SIGNS[found['be']]}$" if found["be"] in _SIGNS else f"that ${what}$ stays in its range"
