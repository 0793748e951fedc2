"""One claim: a line that opens to statement, hypotheses, derivation, evidence, what it hangs on, and how to run it again."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.latex.fragment import NO_CONCLUSION, NO_SOURCE
from derivations.latex.naming import Names
from derivations.ledger.points import ClaimPoints
from derivations.report.evidence import evidence
from derivations.report.formulas import block, counterexample, definitions, number, words
from derivations.report.fragment import fragment
from derivations.report.graph import around, drawing
from derivations.report.markup import Html, el, join
from derivations.report.source import About, Source, stands, ways
from derivations.report.witnesses import hypotheses
from theory.standing import FALL_SHORT, NOT_RUN, refusal, what_it_rests_on
from theory.typesetting.cases import by_case

_ORIGIN = {"cited": "Cited from", "reconstructed": "Reconstructed here; known from", "derived here": "Derived here; related to"}


def claim(source: Source, c: Mapping[str, Any]) -> Html:
    """The claim as an article, open if it falls short."""
    about = source.about.get(c["id"], About())
    points = source.points.get(c["id"], ClaimPoints())
    short = bool(c["falls_short"])
    text = fragment(about.claim, c)
    parts = [
        _why(c["falls_short"]),
        _section("Statement", _statement(c), _symbols(about)),
        _section("Hypotheses, and what fails without each", hypotheses(c, about.content, points.witnesses)),
        _section("Derivation", _steps(c["steps"])) if c["steps"] else Html(),
        _section("Evidence", _measured_by(about), evidence(c["evidence"], points.measurements)),
        _section("What it hangs on", _dependencies(source, c)),
        _section("Run it again", _again(source.ledger, c)),
        _section("Where it is from", _provenance(c, about)),
        _latex(source, about, c, text),
    ]
    line = _line(source, c, another=about.claim is not None and not text)
    details = el("details", line, el("div", *parts, class_="body"), id=c["id"], open=short)
    return el("article", details, class_="claim" + " short" * short, data_chapter=c["chapter"], data_verdict=verdict_of(c))


def verdict_of(c: Mapping[str, Any]) -> str:
    """For filters: ``short``, ``numeric-only`` or ``holds``."""
    return "short" if c["falls_short"] else "numeric-only" if c["proof"] == "numeric-only" else "holds"


def _line(source: Source, c: Mapping[str, Any], another: bool) -> Html:
    """Label, title and verdicts; ``another``: the catalogue has another statement, or another proof, under this name."""
    title = el("h3", el("span", c["label"], class_="label"), " ", el("span", words(c["title"]), class_="title"))
    lemmas = source.falling_lemmas(c["id"])
    missing = [_label(source, lemma) for lemma in source.lemmas_not_run(c["id"])]
    chips = el(
        "span",
        _chip(c["proof"], {"proved": "holds", "numeric-only": "caution"}.get(c["proof"], "fails")),
        _chip(f"evidence {c['evidence']['verdict']}", "holds" if c["evidence"]["verdict"] == "holds" else "fails"),
        _needed(c),
        _chip(what_it_rests_on(lemmas, FALL_SHORT), "caution") if lemmas else Html(),
        _chip(what_it_rests_on(missing, NOT_RUN), "caution") if missing else Html(),
        _chip("changed since this run", "caution") if another or c["id"] in source.changed else Html(),
        _meter(c["evidence"]),
        class_="chips",
    )
    return el("summary", title, chips)


def _label(source: Source, id: str) -> str:
    about = source.about.get(id)
    return about.claim.label if about and about.claim else id


def _needed(c: Mapping[str, Any]) -> Html:
    """How many hypotheses are needed; none is for what fails, or is open, with all of them."""
    every, biting = len(c["hypotheses"]), sum(h["witness"] == "bites" for h in c["hypotheses"])
    if not stands(c):
        return _chip("no hypothesis shown to be needed", "caution")
    return _chip(f"{biting} of {every} hypotheses {'needed' if biting == every else 'shown to be needed'}",
                 "holds" if biting == every else "fails")  # fmt: skip


def _chip(text: str, kind: str) -> Html:
    return el("span", text, class_=f"chip {kind}")


def _meter(found: Mapping[str, Any]) -> Html:
    """How much of its bound the decisive comparison takes up."""
    if found["observed"] is None or found["bound"] is None:
        return Html()
    observed, bound = float(found["observed"]), float(found["bound"])
    share = observed / bound if bound else observed * math.inf if observed else 0.0
    filled = el("span", style=f"width:{100 * max(share, 0.0) if share < 1 else 100:.0f}%")
    return el("span", el("span", filled, class_="gauge", aria_hidden="true"), _share(share, bound), class_="meter")


def _share(share: float, bound: float) -> str:
    """Of a bound that may be 0, or a deviation that is no number, as a broken law has them."""
    if not share < math.inf:
        return "no number, which no bound allows" if math.isnan(share) else f"beyond its bound of {number(bound)}"
    if share > 1:
        return f"{number(share)} times the bound"
    return "under 1% of the bound" if share < 0.01 else f"{min(round(100 * share), 99 if share < 1 else 100)}% of the bound"


def _section(title: str, *children: Html) -> Html:
    return el("section", el("h4", title), *children)


def _why(reasons: Sequence[str]) -> Html:
    if not reasons:
        return Html()
    return el("div", el("h4", "Falls short"), el("ul", *(el("li", words(why)) for why in reasons)), class_="why", role="note")


def _statement(c: Mapping[str, Any]) -> Html:
    """The conclusions as they stand in the derivation; without them what the ledger has as the statement; and what must be said first."""
    concluded = by_case((s.get("case", ""), [s["latex"]]) for s in c["steps"] if s["concludes"] and s["latex"])
    names = Names()
    groups = concluded or by_case([("", [c["statement_latex"]] * bool(c["statement_latex"]))])
    rows = [row for case, lines in groups for row in [*([el("p", words(case), ":", class_="case")] if case else []),
                                                      *(block(latex, names) for latex in lines)]]  # fmt: skip
    shown = join(rows) if rows else el("p", NO_CONCLUSION, class_="note")
    return el("div", _caveat(c), shown, class_="statement" + " void" * (not stands(c)))


def _symbols(about: About) -> Html:
    if not about.symbols:
        return Html()
    return el("p", el("b", "Symbols: "), join([words(symbol) for symbol in about.symbols], ", "), ".", class_="symbols")


def _caveat(c: Mapping[str, Any]) -> Html:
    if c["proof"] == "numeric-only":
        return el("p", "Measured, not proved.", class_="note")
    if stands(c):
        return Html()
    return el("p", el("b", refusal(c["proof"])), " It is no law; what was put to the kernel is:", class_="caveat")


def _steps(steps: Sequence[Mapping[str, Any]]) -> Html:
    return el("ol", *map(_step, steps), class_="steps")


def _step(s: Mapping[str, Any]) -> Html:
    proved = s["verdict"] == "proved"
    said = s["method"] if proved else s["verdict"]
    how = [el("span", said, class_="method" if proved else "chip fails")]
    found = counterexample({} if proved else s["values"], s["detail"])
    how += [el("span", found, class_="detail")] if found else []
    how += [el("span", "on condition: " + ", ".join(s["conditions"]), class_="detail")] if s["conditions"] else []
    kinds = [text for text, wanted in (("concludes", s["concludes"]), ("needs no hypothesis", s["free"])) if wanted]
    how += [el("span", text, class_="kind") for text in kinds]
    names = Names()
    return el("li", el("p", words(s["words"])), block(s["latex"], names), el("p", *how, class_="how"), definitions(s["decided"], names))


def _measured_by(about: About) -> Html:
    return el("p", "Measured by ", words(about.measured_by.rstrip(".")), ".") if about.measured_by else Html()


def _dependencies(source: Source, c: Mapping[str, Any]) -> Html:
    named, uses = source.named, source.uses
    after = [name for name, lemmas in uses.items() if c["id"] in lemmas]
    if not c["derived_from"] and not after:
        return el("p", "It uses no other claim, and no claim is derived from it.")
    near = around(c["id"], uses)
    said = f"{c['label']} with the {len(near) - len(after) - 1} claims behind it and the {len(after)} derived from it"
    rows = [_listed("Uses", c["derived_from"], named), _listed("Used by", after, named)]
    return join([drawing(near, named, said, c["id"], [s["id"] for s in source.short]), *rows])


def _listed(word: str, names: Sequence[str], named: Mapping[str, tuple[str, str]]) -> Html:
    if not names:
        return Html()
    links = (el("a", f"{named.get(n, (n, ''))[0]} {n}", href=f"#{n}") if n in named else el("span", n) for n in names)
    return el("p", el("b", f"{word}: "), join(links, ", "), class_="listed")


def _again(ledger: Mapping[str, Any], c: Mapping[str, Any]) -> Html:
    command = ["normlaw", "verify", c["label"], "--seed", str(ledger["seed"]), "--effort", str(ledger["effort"])]
    versions = ", ".join(f"{name} {version}" for name, version in ledger["versions"].items())
    shown = el("div", el("code", shlex.join(command), class_="command"), class_="again")
    took = f"It took {float(c['seconds']):.1f} s" if float(c["seconds"]) >= 0.05 else "It took less than 0.1 s"
    return join((shown, el("p", f"{took}, with {versions}.")))


def _latex(source: Source, about: About, c: Mapping[str, Any], text: str) -> Html:
    """The claim for somebody's paper; the script puts the macros before it, and a button that copies both."""
    lemmas = source.falling_lemmas(c["id"])
    text = _warned(text, c, lemmas)
    if not text and about.claim is None:
        return Html()
    if not text:
        again = el("code", f"normlaw verify {c['label']}")
        said = el("p", "Not shown: the law has changed since this run, or could not be typeset. ", again, " does it again.")
        return _section("LaTeX of the whole claim", said)
    command = el("code", f"normlaw export {c['label']}")
    why = "falls short in this run" if c["falls_short"] else what_it_rests_on(lemmas, FALL_SHORT)
    caveat = el("b", f" It {why}: do not cite it.") if why else Html()
    said = el("p", "Statement, hypotheses, proof and sources, with the macros they need: what ", command, " prints.", caveat)
    area = el("textarea", Html("\n"), text, readonly=True, rows=12, spellcheck="false", aria_label=f"LaTeX of {c['label']}")
    shown = el("details", el("summary", "show it"), area, class_="more")
    return _section("LaTeX of the whole claim", el("div", said, shown, class_="whole"))


def _warned(text: str, c: Mapping[str, Any], lemmas: Sequence[str]) -> str:
    """With lines on what the run found and the kernel does not know of, as measurements that fail."""
    said = [f"falls short in a run of normlaw verify: {ways(c['falls_short'])}"] * bool(c["falls_short"] and stands(c))
    said += [f"{what_it_rests_on(lemmas, FALL_SHORT)} in a run of normlaw verify"] * bool(lemmas)
    return "".join(f"% DO NOT CITE: {c['label']} {why}\n" for why in said) + text if text else text


def _provenance(c: Mapping[str, Any], about: About) -> Html:
    if not stands(c):
        return el("p", NO_SOURCE.capitalize() + ".")
    origin = _ORIGIN.get(c["provenance"], c["provenance"])
    if not about.references:
        rows = [el("p", origin.split(";")[0].removesuffix(" from") + ".")]
    else:
        sources = (el("li", said, " ", el("code", key)) for key, said in about.references)
        rows = [el("p", origin + ":"), el("ul", *sources, class_="sources")]
    rows += [el("p", el("b", "Remark. "), words(about.remark))] if about.remark else []
    return join(rows)
