"""KaTeX without a browser: the copy that the project carries, in a JavaScript engine that is a package of Python's."""

from __future__ import annotations

import json
from collections.abc import Iterable

from py_mini_racer import mini_racer

from derivations.report.assets import katex

Formula = tuple[str, bool]  # LaTeX, and whether it stands on lines of its own
# `strict` is set to raise: an accent, a letter that LaTeX does not know, anything that KaTeX would set all the same.
_SET = r"""
globalThis.faults = (formulas, macros) => JSON.stringify(JSON.parse(formulas).flatMap(([text, displayMode]) => {
  try { katex.renderToString(text, { displayMode, throwOnError: true, strict: "error", macros: JSON.parse(macros) }); return []; }
  catch (error) { return [[text, String(error)]]; }
})); 0
"""


def faults(formulas: Iterable[Formula], **macros: str) -> list[tuple[str, str]]:
    """The formulas that KaTeX does not set, each with what it says of it; ``macros`` are known beyond its own."""
    texts = json.dumps(sorted(set(formulas)))
    known = json.dumps({rf"\{name}": text for name, text in macros.items()})
    with mini_racer() as engine:  # ended here: one that is left to the end of the process can hold that up
        engine.eval(katex() + ";0")
        engine.eval(_SET)
        return [(text, said) for text, said in json.loads(str(engine.call("faults", texts, known)))]
