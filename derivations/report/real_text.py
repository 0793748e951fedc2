"""Real text: the law put to embeddings of words, as a plot of every row that was drawn and a table of some words."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derivations.ledger.points import Points
from derivations.report.formulas import number
from derivations.report.markup import Html, el, join
from derivations.report.plots import evidence_plot
from derivations.report.scales import Scale, scale_of
from derivations.report.svg import Panel, picture

WORDS = Path("real-text") / "words.csv"
_DRAWN = 700  # rows
_COLUMNS = ("visits", "norm", "predicted_norm", "relative_error", "bound")


@dataclass(frozen=True)
class Row:
    """A row of an embedding table after training; ``error`` and ``bound`` are relative."""

    word: str
    table: str
    visits: float
    norm: float
    predicted: float
    error: float
    bound: float

    def drawable(self) -> bool:
        """Whether a logarithmic axis has a place for it."""
        return all(map(math.isfinite, (self.norm, self.error, self.bound))) and min(self.visits, self.norm, self.predicted, self.bound) > 0


def real_text(real: Mapping[str, Any] | None, folder: Path) -> Html:
    """The section; it says so, where real text was no part of the run."""
    if real is None:
        return el("p", "Real text was no part of this run: normlaw verify without ids makes it one.")
    rows = _rows(folder / WORDS, real["checked"])
    figures = el("div", *_figures(rows), class_="plots") if rows else Html()
    return join([_sentence(real), figures, _table(real["words"])])


def _sentence(real: Mapping[str, Any]) -> Html:
    said = f"{real['checked'] - real['outside']} of {real['checked']} rows are within the bound of their own"
    exponent = (real["summary"].get("exponents_in_visits") or {}).get("norm")
    grown = ""
    if exponent:
        low, value, high = (number(exponent[name]) for name in ("low", "value", "high"))
        grown = f" The norm grows as visits to the power {value} (95 %: {low} to {high}); a fourth root would be 0.25."
    end = "."
    if real["at"]:
        end = f"; largest relative error {number(real['observed'])}, bound there {number(real['bound'])}, at {real['at']}."
    note = f" {real['note']}" if real["note"] else ""
    kind = "holds" if real["verdict"] == "holds" else "fails"
    chip = el("span", f"the law {real['verdict']}", class_=f"chip {kind}")
    return el("p", chip, " ", f"Embeddings trained on {real['corpus']}: {said}{end}{grown}{note}")


def _rows(path: Path, checked: int) -> list[Row]:
    """Some rows of the file, evenly over visits, the worst always; none, where the file is missing or of another run."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = [Row(row["word"], row["table"], *(float(row[name]) for name in _COLUMNS)) for row in csv.DictReader(file)]
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return []
    if not found or len(found) != checked or not all(map(Row.drawable, found)):
        return []
    found.sort(key=lambda row: (row.visits, row.table, row.word))
    every = math.ceil(len(found) / _DRAWN)
    worst = max(range(len(found)), key=lambda i: found[i].error / found[i].bound)
    return [found[i] for i in sorted({*range(0, len(found), every), worst})]


def _figures(rows: Sequence[Row]) -> tuple[Html, Html]:
    observed, predicted = tuple(row.norm for row in rows), tuple(row.predicted for row in rows)
    deviations, bounds = tuple(row.error * row.predicted for row in rows), tuple(row.bound * row.predicted for row in rows)
    labels = tuple(row.word for row in rows)
    points = Points("norm of rows of real text", "", "equal", observed, predicted, deviations, bounds, labels, len(rows))
    against = f": what training made of it against what the law predicts from its own gradients; {len(rows)} rows drawn."
    words = [row for row in rows if row.table == "word"] or rows
    often = ": words that are trained more are longer. Line: a fourth root of visits, through the middle."
    return (
        el("figure", evidence_plot(points, len(rows)), el("figcaption", el("b", "norm"), against)),
        el("figure", _by_visits(words), el("figcaption", el("b", "norm of words by frequency"), often)),
    )


def _by_visits(rows: Sequence[Row]) -> Html:
    x, y = scale_of([row.visits for row in rows]), _log([row.norm for row in rows])
    panel = Panel(x, y, 20, 456)
    middle = sorted(rows, key=lambda row: row.norm / row.visits ** 0.25)[len(rows) // 2]
    factor = middle.norm / middle.visits ** 0.25
    ends = [x.low, x.high] if x.kind == "log" else [max(x.low, 1.0), x.high]
    return picture(
        560,
        f"norm of {len(rows)} rows against how often each was trained, with a fourth root",
        panel.dots((row.visits, row.norm) for row in rows),
        panel.curve([(v, factor * v**0.25) for v in ends], "theory"),
        panel.frame("visits", "norm"),
    )


def _log(values: Sequence[float]) -> Scale:
    return Scale("log", min(values) / 1.15, max(values) * 1.15)


def _table(words: Sequence[dict[str, str]]) -> Html:
    if not words:
        return Html()
    head = el("tr", *(el("th", name, scope="col") for name in words[0]))
    rows = [el("tr", el("th", first, scope="row"), *(el("td", text) for text in rest)) for first, *rest in map(dict.values, words)]
    table = el("table", el("thead", head), el("tbody", *rows))
    return el("div", table, class_="scrolled", tabindex=0, role="region", aria_label="some words")
