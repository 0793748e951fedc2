"""The hypotheses of a claim and what happens without each: by the kernel's counterexample, and in simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from derivations.latex.naming import Names
from derivations.ledger.points import Points
from derivations.report.formulas import block, counterexample, definitions, inline, number, words
from derivations.report.markup import Html, el, join
from derivations.report.plots import witness_plot
from derivations.report.source import stands

Pair = tuple[Points | None, Points | None]


def hypotheses(c: Mapping[str, Any], content: Mapping[str, tuple[str, ...]], points: Mapping[str, Pair]) -> Html:
    """One card for each of a claim's; those whose witness does not bite are open."""
    cards = [_card(c, h, content.get(h["id"] + h["words"], ()), points.get(h["id"], (None, None))) for h in c["hypotheses"]]
    return el("ol", *cards, class_="hypotheses")


def _card(c: Mapping[str, Any], h: Mapping[str, Any], content: Sequence[str], points: Pair) -> Html:
    formal = el("span", " ", join(map(inline, content), ", "), class_="formal") if content else Html()
    bites = h["witness"] == "bites"
    statement = el("p", words(h["words"]), formal)
    shown = [_kernel(h["symbolic"]), _simulated(h["numeric"], points)]
    without = el("details", el("summary", "Without it ", _chip(c, h)), *shown, open=not bites, class_="without")
    return el("li", statement, without)


def _chip(c: Mapping[str, Any], h: Mapping[str, Any]) -> Html:
    """What a witness shows, which is little of a statement that does not stand with the hypothesis."""
    if h["witness"] != "bites":
        return el("span", f"witness {h['witness']}", class_="chip fails")
    if not stands(c):
        with_it = "and with it" if c["proof"] == "refuted" else "and is not proved with it"
        return el("span", f"fails without it, {with_it}", class_="chip caution")
    return el("span", "needed: fails without it", class_="chip holds")


def _kernel(witness: Mapping[str, Any] | None) -> Html:
    if witness is None:
        return Html()
    names = Names()
    said = [el("p", el("b", "By the kernel: "), words(witness["words"]), ".")]
    at = counterexample(witness["values"], witness["detail"])
    verdict = "The statement fails" if witness["bites"] else f"The statement is {witness['verdict']}"
    said.append(el("p", verdict, ": " if at else "", at, ".", class_="point"))
    put = "the formula that fails" if witness["verdict"] == "refuted" else "the statement that was put to it"
    statement = el("details", el("summary", put), block(witness["latex"], names), class_="decided")
    said += [statement, definitions(witness["decided"], names)]
    if witness["instead"] and witness["instead"]["latex"]:
        said += [el("p", f"There instead ({witness['instead']['verdict']}):"), block(witness["instead"]["latex"], names)]
    return el("div", *said, class_="kernel")


def _simulated(witness: Mapping[str, Any] | None, points: Pair) -> Html:
    if witness is None:
        return el("p", "No simulation drops it.", class_="note")
    said = el("p", el("b", "In simulation: "), words(witness["words"]), ".")
    note = [el("p", witness["note"], class_="note")] if witness["note"] else []
    kept, dropped = witness["kept"], witness["dropped"]
    if kept is None or dropped is None:
        return join([said, *note])
    drawn = witness_plot(points[0], points[1]) if points[0] is not None and points[1] is not None else ""
    numbers = join((_found("with it", kept), ", ", _found("without it", dropped), "."))
    caption = el("figcaption", el("b", kept["what"]), ": ", numbers, el("span", _at(dropped), class_="setting"))
    return join([said, *note, el("figure", Html(drawn), caption, class_="witness")])


def _found(side: str, m: Mapping[str, Any]) -> str:
    return f"{side} the law {m['verdict']} (deviation {number(m['observed'])}, bound {number(m['bound'])})"


def _at(m: Mapping[str, Any]) -> str:
    return f" Without it, farthest off at: {m['setting']}." if m["setting"] else ""
