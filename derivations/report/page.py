"""The whole page: the verdict first, then what falls short, then everything, with filters and a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.latex.macros import NOTATION
from derivations.report import assets
from derivations.report.claim import claim, verdict_of
from derivations.report.formulas import words
from derivations.report.graph import box_of_nodes, drawing
from derivations.report.markup import Html, el
from derivations.report.real_text import real_text
from derivations.report.source import Source, stands, ways
from derivations.report.svg import names_of_axes
from derivations.terminal.progress import Tell

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:; img-src data:"
_KEY = (("theory", "theory"), ("simulation", "simulation, within its bound"), ("bound", "what the bound allows"),
        ("broken", "beyond the bound, or the variant without a hypothesis"))  # fmt: skip


def page(source: Source, tell: Tell = lambda _fraction, _message: None) -> str:
    """The page as text: nothing in it is fetched from anywhere."""
    shown = _claims(source, tell)
    title = _headline(source)
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("title", f"{title} · normlaw"),
        Html(f"<!-- KaTeX is part of this page:\n{assets.licence()}\n-->"),
        Html(f"<style>{assets.style()}</style>"),
    )
    main = el("main", _failures(source, shown), _ledger(source, shown), _text(source), _graph(source), id="ledger")
    skip = el("a", "Skip to the claims", href="#claims", class_="skip")
    said = el("p", role="status", class_="unseen", id="said")
    script = Html(f"<script>{assets.script()}</script>")
    body = el("body", skip, _header(source, title), box_of_nodes(), names_of_axes(), main, _footer(source), said, script)
    return f'<!doctype html>\n<html lang="en">{head}{body}</html>\n'


def _headline(source: Source) -> str:
    claims, short = len(source.claims), len(source.short)
    real = source.ledger["real_input"]
    part = " of this run" if source.not_run else ""
    if short:
        return f"{short} of {claims} claims{part} fall{'s' * (short == 1)} short"
    if _text_short(source):
        return f"The law {real['verdict']} on real text"
    numeric = sum(c["proof"] == "numeric-only" for c in source.claims)
    if not source.ledger["summary"]["passes"]:
        return "This run does not pass"
    measured = f"; {numeric} of them measured, not proved" if numeric else ""
    if old := len(source.changed):
        held = f"All {claims} claims{part} held" if claims != 1 else f"The one claim{part} held"
        which = "it" if claims == 1 else "all" if old == claims else str(old)
        return f"{held}{measured}, but {which} {'has' if old == 1 else 'have'} changed since"
    return (f"All {claims} claims{part} hold" if claims != 1 else f"The one claim{part} holds") + measured


def _header(source: Source, title: str) -> Html:
    passes = bool(source.ledger["summary"]["passes"])
    claims = source.claims
    measured = [m for c in claims for m in c["evidence"]["measurements"]]
    witnesses = [h["witness"] if stands(c) else "" for c in claims for h in c["hypotheses"]]
    tiles = [
        _tile(sum(c["proof"] == "proved" for c in claims), len(claims), "claims proved, step by step, by an exact kernel"),
        _tile(sum(m["verdict"] == "holds" for m in measured), len(measured), "comparisons with simulations within their bounds"),
        _tile(witnesses.count("bites"), len(witnesses), "hypotheses needed: without each the law fails"),
    ]
    if real := source.ledger["real_input"]:
        tiles.append(_tile(real["checked"] - real["outside"], real["checked"], "rows of embeddings of real text within their bounds"))
    run = f"Seed {source.ledger['seed']}, effort {source.ledger['effort']}, normlaw {source.ledger['versions']['normlaw']}"
    state = "fails" if not passes else "changed" if source.changed else "passes"
    mark = el("span", {"fails": "✗", "changed": "!", "passes": "✓"}[state], aria_hidden="true", class_="mark")
    verdict = el("div", mark, el("div", el("h1", title), _named(source)), class_="headline")
    about = "The laws that govern the length of contrastive embeddings: proved, simulated, checked."
    bar = el("div", el("p", el("b", "normlaw"), " ", about), el("button", "Theme", type="button", id="theme", hidden=True), class_="bar")
    counts = el("ul", *tiles, class_="tiles")
    return el("header", bar, verdict, counts, _currency(source), el("p", run, class_="run"), class_=state)


def _currency(source: Source) -> Html:
    """What of the project this run says nothing of: claims that were not run, and what has changed since."""
    absent, old = len(source.not_run), len(source.changed)
    said = []
    if absent:
        said.append(f"{absent} of the {len(source.about)} claims of the catalogue {_are(absent)} no part of this run.")
    if old:
        claims = f"{old} claim{'s' * (old != 1)} of this run"
        said.append(f"{claims} {_are(old)} of other sources than those of today: run normlaw verify again.")
    return el("p", el("b", " ".join(said)), class_="run") if said else Html()


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _named(source: Source) -> Html:
    """What falls short, by name, and in how many ways."""
    rows = [
        el("li", el("a", c["label"], " ", words(c["title"]), href=f"#{c['id']}"), f": {ways(c['falls_short'])}") for c in source.short
    ]
    if _text_short(source):
        rows.append(el("li", el("a", "Real text", href="#real-text"), f": the law {source.ledger['real_input']['verdict']}"))
    return el("ul", *rows, class_="named") if rows else Html()


def _text_short(source: Source) -> bool:
    real = source.ledger["real_input"]
    return real is not None and real["verdict"] != "holds"


def _tile(good: int, of: int, what: str) -> Html:
    number = el("span", str(good), el("span", f" of {of}", class_="of"), class_="number")
    return el("li", number, el("span", what), class_="tile" + " bad" * (good < of))


def _claims(source: Source, tell: Tell) -> dict[str, Html]:
    """Each claim by its id; typesetting them takes nearly all of the time."""
    shown = {}
    for i, c in enumerate(source.claims):
        tell(i / len(source.claims), f"typesetting {c['label']}")
        shown[c["id"]] = claim(source, c)
    return shown


def _failures(source: Source, shown: Mapping[str, Html]) -> Html:
    """What falls short, all of it, before anything else."""
    if not source.short and not _text_short(source):
        return Html()
    parts = [shown[c["id"]] for c in source.short]
    if _text_short(source):
        real = source.ledger["real_input"]
        parts.append(el("div", el("h3", "Real text"), real_text(real, source.folder), class_="why", id="real-text"))
    return el("section", el("h2", "Falls short"), *parts, class_="failures", id="falls-short")


def _ledger(source: Source, claims: Mapping[str, Html]) -> Html:
    chapters = list(dict.fromkeys(c["chapter"] for c in source.claims))
    shown = [_chapter(source, chapter, claims) for chapter in chapters]
    nothing = el("p", "No claim is like that. ", el("button", "Show all", type="button", class_="reset"), id="nothing", hidden=True)
    return el("section", el("h2", "The ledger", id="claims", tabindex=-1), _filters(source, chapters), _key(), *shown, nothing)


def _chapter(source: Source, chapter: str, claims: Mapping[str, Html]) -> Html:
    inside = [c for c in source.claims if c["chapter"] == chapter]
    short = sum(bool(c["falls_short"]) for c in inside)
    counted = f"{len(inside)} claim" + "s" * (len(inside) != 1)
    title = el("h2", chapter.capitalize(), " ", el("span", counted, class_="count"))
    see = el("a", "see above", href="#falls-short")
    above = [el("p", f"{short} of them fall{'s' * (short == 1)} short: ", see, class_="above")] if short else []
    return el("section", title, *above, *(claims[c["id"]] for c in inside if not c["falls_short"]), class_="chapter")


def _filters(source: Source, chapters: Sequence[str]) -> Html:
    many = Counter(c["chapter"] for c in source.claims)
    verdicts = Counter(map(verdict_of, source.claims))
    named = (("holds", "holds"), ("short", "falls short"), ("numeric-only", "measured only"))
    search = el("label", el("span", "Search"), el("input", type="search", id="search", placeholder="cosine, Adam, B4", autocomplete="off"))
    by_chapter = _choice("Chapter", "chapter", [(c, f"{c} {many[c]}") for c in chapters])
    by_verdict = _choice("Verdict", "verdict", [(v, f"{word} {verdicts[v]}") for v, word in named if verdicts[v] or v == "short"])
    expand, paper = (el("button", word, type="button", id=name) for word, name in (("Expand all", "expand"), ("Print", "print")))
    buttons = el("div", expand, paper, class_="buttons")
    status = el("p", role="status", id="status")
    return el("form", search, buttons, by_chapter, by_verdict, status, id="filters", role="search", hidden=True)


def _choice(name: str, key: str, options: Sequence[tuple[str, str]]) -> Html:
    shown = [el("label", el("input", type="checkbox", name=key, value=value), el("span", text)) for value, text in options]
    return el("fieldset", el("legend", name), *shown)


def _key() -> Html:
    return el("ul", *(el("li", el("span", class_=f"swatch {kind}", aria_hidden="true"), text) for kind, text in _KEY), class_="key")


def _text(source: Source) -> Html:
    if _text_short(source):
        return Html()  # it stands above, with all that falls short
    return el("section", el("h2", "Real text"), real_text(source.ledger["real_input"], source.folder), id="real-text")


def _graph(source: Source) -> Html:
    said = f"All {len(source.claims)} claims, each to the right of what it is derived from"
    drawn = drawing(source.uses, source.named, said, short=[c["id"] for c in source.short])
    said_so = "Each claim is to the right of all that it is derived from. Follow one to open it."
    return el("section", el("h2", "What follows from what"), el("p", said_so), drawn, id="graph")


def _footer(source: Source) -> Html:
    command = f"normlaw verify --seed {source.ledger['seed']} --effort {source.ledger['effort']}"
    versions: Mapping[str, Any] = source.ledger["versions"]
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    area = el("textarea", NOTATION, readonly=True, rows=12, spellcheck="false", id="notation", aria_label="macros")
    macros = el("details", el("summary", "Macros that LaTeX of whole claims needs"), area, class_="more")
    return el("footer", el("p", "To run all of it again: ", el("code", command, class_="command")), el("p", said), macros)
