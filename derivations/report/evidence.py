"""A claim's evidence: the decisive comparison as a plot, all of them as a table, and the other plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from derivations.ledger.points import Points
from derivations.report.formulas import inline, number
from derivations.report.markup import Html, el, join
from derivations.report.plots import drawn_settings, evidence_plot

_AT_ONCE = 2  # plots that are shown before the table
_HEADS = ("comparison", "settings", "deviation", "bound", "verdict")


def evidence(found: Mapping[str, Any], points: Sequence[Points | None]) -> Html:
    """All that was measured for one claim."""
    measured = found["measurements"]
    if not measured:
        if found["note"] and found["verdict"] == "fails":
            return el("p", el("b", "Nothing was measured: "), found["note"], class_="why")
        return el("p", found["note"] or "Nothing was measured.", class_="note")
    order = sorted(range(len(measured)), key=lambda i: -_share(measured[i]))
    plots = [(i, drawn) for i in order if (drawn := _figure(measured[i], points[i])) is not None]
    first, rest = plots[:_AT_ONCE], plots[_AT_ONCE:]
    wanted = [drawn for i, drawn in rest if measured[i]["verdict"] == "fails"]
    others = [drawn for i, drawn in rest if measured[i]["verdict"] != "fails"]
    title = f"{len(others)} more plot" + "s" * (len(others) != 1)
    more = el("details", el("summary", title), el("div", *others, class_="plots"), class_="more") if others else Html()
    shown = el("div", *[drawn for _, drawn in first], *wanted, class_="plots")
    note = [el("p", found["note"], class_="note")] if found["note"] else []
    return join([*note, el("div", shown, _table(measured), class_="measured"), more])


def _share(m: Mapping[str, Any]) -> float:
    """How much of its bound a comparison takes up; one that fails comes first."""
    if m["verdict"] == "fails":
        return float("inf")
    observed, bound = float(m["observed"] or 0), float(m["bound"] or 0)
    return observed / bound if bound else 0.0


def _figure(m: Mapping[str, Any], points: Points | None) -> Html | None:
    drawn = evidence_plot(points) if points is not None else ""
    if points is None or not drawn:
        return None
    quantity = el("span", " (", inline(points.quantity), ")", class_="quantity") if points.quantity else Html()
    side = "" if points.side == "equal" else f"; observed ought to be {points.side} predicted"
    nearest = "Farthest beyond" if m["verdict"] == "fails" else "Closest to"
    worst = f" {nearest} its bound at: {m['setting']}." if m["setting"] else ""
    kind = "" if points.observed is not None else " This comparison has no single pair to draw: deviation over bound."
    many = f" {shown} of {points.settings} settings are drawn." if (shown := drawn_settings(points)) < points.settings else ""
    words = join((el("b", m["what"]), quantity, f"{side}.{kind}{many}", el("span", worst, class_="setting")))
    return el("figure", Html(drawn), el("figcaption", words), class_=m["verdict"])


def _table(measured: Sequence[Mapping[str, Any]]) -> Html:
    head = el("tr", *(el("th", name, scope="col") for name in _HEADS))
    rows = [
        el(
            "tr",
            el("th", m["what"], scope="row"),
            *(el("td", text) for text in (str(m["settings"]), number(m["observed"]), number(m["bound"]))),
            el("td", el("span", m["verdict"], class_=f"chip {m['verdict']}")),
        )
        for m in measured
    ]
    table = el("table", el("thead", head), el("tbody", *rows))
    return el("div", table, class_="scrolled", tabindex=0, role="region", aria_label="all comparisons")
