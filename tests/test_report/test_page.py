"""The page as text: whole, escaped, the same every time, small; and what the command says without a ledger."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.figures.style import DARK, LIGHT, Style
from derivations.latex.export import fragments
from derivations.latex.macros import NOTATION
from derivations.ledger.document import kernel_document, step_document
from derivations.ledger.examination import proof_record
from derivations.ledger.points import Points
from derivations.report import assets, palette
from derivations.report.formulas import number, words
from derivations.report.fragment import fragment
from derivations.report.graph import around, layers
from derivations.report.markup import el
from derivations.report.palette import variables
from derivations.report.plots import MOST, evidence_plot, shares, witness_plot
from derivations.report.scales import Scale, scale_of
from tests.law_checks import proof
from tests.test_derivations.invented import X
from tests.test_report.runs import invented_pairs, measured_anew, no_points, undecided_run
from theory.claims import prove

Made = Callable[[bool], Path]
MEGABYTE = 1_000_000


class Outline(HTMLParser):
    """Ids, links and elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        self.ids += [found["id"]] if found.get("id") else []  # type: ignore[list-item]
        self.links |= {str(found["href"])[1:]} if str(found.get("href", "")).startswith("#") else set()


def test_the_page_is_whole_and_fetches_nothing(made: Made) -> None:
    text = made(True).read_text(encoding="utf-8")
    outline = Outline(text)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.links <= set(outline.ids)
    assert not [a for _, a in outline.elements if a.get("src") or str(a.get("href", "#"))[0] != "#"]
    assert not re.findall(r"url\((?!data:)", text)
    assert "Permission is hereby granted, free of charge" in text, "KaTeX's licence goes with it"
    plots = [a for tag, a in outline.elements if tag == "svg" and "hidden" not in a]
    assert len(plots) >= 9
    assert all(a["aria-label"] for a in plots)


def test_what_somebody_typed_stays_text(made: Made) -> None:
    text = made(False).read_text(encoding="utf-8")
    assert "<script>window.stolen" not in text
    assert "Nothing &lt;script&gt;window.stolen = 1&lt;/script&gt; &amp; “more” than" in text
    assert '<span class="tex">x^2 &lt; y</span>' in text
    assert el("a", "<b>", title='"&"') == '<a title="&quot;&amp;&quot;">&lt;b&gt;</a>'
    assert words("costs $5") == "costs $5"


def test_the_same_run_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    first = made(True).read_bytes()
    assert main(["report", "--ledger", str(tmp_path / "run"), "--out", str(tmp_path / "again"), "--quiet"]) == 0
    assert (tmp_path / "again" / "report.html").read_bytes() == first


def test_a_failing_run_has_its_failures_before_all_else_and_open(made: Made) -> None:
    text = made(True).read_text(encoding="utf-8")
    body = text[text.index("<body") :]
    assert body.index("1 of 3 claims falls short") < body.index('<section class="failures"') < body.index('id="claims"')
    assert re.search(r'<details id="it-follows" open>', body)
    assert not re.search(r'<details id="it-holds" open>', body)
    assert body.index('id="it-follows"') < body.index('id="it-holds"')
    assert "proof refuted at step 1" in body
    assert "evidence fails: norms along the run" in body


def test_the_page_of_the_whole_catalogue_is_small(tmp_path: Path) -> None:
    assert main(["report", "--ledger", str(undecided_run(tmp_path)), "--out", str(tmp_path), "--quiet"]) == 0
    text = (tmp_path / "report.html").read_bytes()
    plot = len(evidence_plot(points(120)).encode()) + 700  # with its words
    assert len(text) + 584 * plot + 260 * 2200 < 5 * MEGABYTE, "with 584 comparisons of 120 settings and 260 witnesses"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (None, "has no ledger.json: run normlaw verify first"),
        ("points", "has no points.json, which is needed for plots: run normlaw verify again"),
        ("broken", "is no JSON document (cut short?): run normlaw verify again"),
    ],
)
def test_without_a_ledger_it_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: str | None, said: str) -> None:
    run = tmp_path / "run"
    if spoil:
        run.mkdir()
        undecided_run(run)
        (run / "points.json").unlink() if spoil == "points" else (run / "ledger.json").write_text('{"claims": [')
    assert main(["report", "--ledger", str(run), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize(
    ("observed", "bound", "said"),
    [
        (0.04, 0.0, "beyond its bound of 0"), ("inf", 1e-9, "beyond its bound of "), ("nan", 1.0, "no number, which no bound allows"),
        ("nan", 0.0, "no number, which no bound allows"), (0.0, 0.0, "under 1% of the bound"), (0.5, 0.1, "5 times the bound"),
    ],
)  # fmt: skip
def test_a_law_may_be_broken_in_any_way_and_the_page_says_how(
    made: Callable[[bool], Path], tmp_path: Path, observed: float | str, bound: float, said: str
) -> None:
    """A law that is broken may leave a bound of 0, or no number at all; the page of a failing run is the one that is needed most."""
    made(True)
    ledger = tmp_path / "run" / "ledger.json"
    document = json.loads(ledger.read_text())
    measured_anew(document, observed, bound)
    ledger.write_text(json.dumps(document))
    no_points(ledger.with_name("points.json"))
    assert main(["report", "--ledger", str(ledger.parent), "--out", str(tmp_path / "again"), "--quiet"]) == 0
    assert said in (tmp_path / "again" / "report.html").read_text()


def points(size: int = 120, off: float = 0.0, side: str = "equal") -> Points:
    predicted = tuple(1.3**i for i in range(size))
    deviations = tuple(0.25 * p + off * p * (i == 77) for i, p in enumerate(predicted))
    observed = tuple(p + d for p, d in zip(predicted, deviations, strict=True))
    labels = tuple(f"i={i}" for i in range(size))
    return Points("a norm", "", side, observed, predicted, deviations, tuple(0.5 * p for p in predicted), labels, size)


def test_a_plot_shows_the_worst_and_says_how_many_are_beyond_the_bound() -> None:
    good, bad = evidence_plot(points()), evidence_plot(points(off=3.0))
    assert "all 120 within the bound; largest deviation 0.5 times its bound" in good
    assert 'class="crosses"' not in good
    assert "1 of 120 beyond the bound; largest deviation 6.5 times its bound" in bad
    assert bad.count('class="crosses"') == 2, "in both panels, though only every other point is drawn"
    dots = re.search(r'<path d="([^"]*)" class="dots"', good)
    assert dots is not None
    assert 30 < dots[1].count("m") <= MOST + 1


def test_odd_points_are_drawn_without_their_pair() -> None:
    nan, inf = math.nan, math.inf
    odd = Points("odd", "", "at most", (nan, inf, 1.0), (1.0, 1.0, 1.0), (nan, 1.0, 0.0), (1.0, 0.0, 0.0), ("a", "b", "c"), 3)
    assert shares(odd) == [inf, inf, 0.0]
    assert "2 of 3 beyond the bound; largest deviation ∞ times its bound" in evidence_plot(odd)
    assert "nan" not in evidence_plot(odd).split(">", 1)[1]
    assert evidence_plot(replace(odd, observed=(), predicted=(), deviations=(), bounds=(), labels=())) == ""
    one = replace(points(1), observed=(0.0,), predicted=(0.0,), deviations=(0.0,))
    assert "all 1 within" in evidence_plot(one)


def test_a_witness_leaves_the_band() -> None:
    drawn = witness_plot(points(5), points(5, off=0.0))
    assert "without it 0.5 times, 0 of 5 settings beyond the bound" in drawn
    out = replace(points(5), deviations=(1e9, 2.0, 3.0, 4.0, 5.0))
    assert "with the hypothesis at most 0.5 times the bound; without it" in witness_plot(points(5), out)
    curves = {kind: re.search(rf'd="M(\d+) (\d+)[^"]*" class="{kind}"', witness_plot(points(5), out)) for kind in ("kept", "dropped")}
    limit = re.search(r'd="M\d+ (\d+)H\d+" class="limit"', witness_plot(points(5), out))
    assert int(curves["dropped"][2]) < int(limit[1]) < int(curves["kept"][2])  # type: ignore[index]


def test_axes_are_straight_or_logarithmic_and_their_ticks_are_round() -> None:
    log = scale_of([1e-6, 1e3])
    assert log.kind == "log"
    assert log.place(1e-6) == pytest.approx(1 - log.place(1e3), abs=1e-9)
    assert [name for _, name in log.ticks()] == ["10⁻⁶", "10⁻⁴", "0.01", "1", "100"]
    assert [name for _, name in scale_of([1.0, 2.0]).ticks()] == ["1", "1.5", "2"]
    both = scale_of([-1e6, -1.0, 0.1, 1.0, 2.0, 1e5])
    assert both.kind == "asinh"
    assert both.place(-1e6) < both.place(-1.0) < both.place(0.0) < both.place(1.0) < both.place(1e5)
    assert all(both.low <= value <= both.high for value, _ in both.ticks())
    assert scale_of([3.0, 3.0]).place(3.0) == pytest.approx(0.5)


def test_settings_are_counted_in_whole_numbers() -> None:
    for many in (1, 2, 5, 40):
        ticks = Scale("whole", 0.5, many + 0.5).ticks()
        assert [value % 1 for value, _ in ticks] == [0.0] * len(ticks)
        assert 1 <= len(ticks) <= 5


def test_numbers_are_written_as_on_paper() -> None:
    assert [number(x) for x in (6.71e-17, -2.5e8, 1e-15, -1e-17, 0.25, "nan", "inf", None, 0)] == [
        "6.71·10⁻¹⁷", "−2.5·10⁸", "10⁻¹⁵", "−10⁻¹⁷", "0.25", "not a number", "∞", "none", "0",
    ]  # fmt: skip


def test_claims_are_to_the_right_of_what_they_use() -> None:
    uses = {"a": [], "b": ["a"], "c": ["a", "b"], "d": [], "e": ["c", "elsewhere"]}
    columns = layers(uses)
    depth = {name: i for i, column in enumerate(columns) for name in column}
    assert sorted(depth) == sorted(uses)
    assert all(depth[lemma] < depth[name] for name, lemmas in uses.items() for lemma in lemmas if lemma in uses)
    assert around("b", uses) == {"a": [], "b": ["a"], "c": ["b"]}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG's ratio."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


TEXT = [("ink", ("paper", "card", "tint", "alarm-tint")), ("muted", ("paper", "card", "tint", "alarm-tint")),
        ("accent", ("paper", "card", "tint", "alarm-tint")), ("card", ("accent", "alarm")), ("passes", ("paper", "card", "passes-tint")),
        ("alarm", ("paper", "card", "alarm-tint")), ("caution", ("caution-tint",))]  # fmt: skip
MARKS = [("theory", ("paper", "card")), ("simulation", ("paper", "card", "bound")), ("broken", ("paper", "card", "bound"))]


@pytest.mark.parametrize(("style", "own"), [(LIGHT, palette.LIGHT_PAGE), (DARK, palette.DARK_PAGE)], ids=["light", "dark"])
def test_text_and_marks_have_contrast_in_both_themes(style: Style, own: Mapping[str, str]) -> None:
    """AA: 4.5 for text, 3 for what has to be seen in a plot."""
    of = palette.colours(style, own)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for pairs, least in ((TEXT, 4.5), (MARKS, 3.0)):
        weak = {(a, b): ratio for a, behind in pairs for b in behind if (ratio := contrast(of[a], of[b])) < least}
        assert weak == {}


def test_the_whole_claim_is_in_the_page_as_export_prints_it(made: Made) -> None:
    """Without the macros, which are there once; and a claim that is not the run's is not shown in its place."""
    page = made(True).read_text(encoding="utf-8")
    written = unescape(page)
    for claim, _ in invented_pairs(broken=True):
        assert fragments((prove(claim),), "latex").removeprefix(NOTATION) in written
    assert page.count("readonly") == 4
    assert NOTATION in written
    claim = invented_pairs(broken=False)[0][0]
    record = {"steps": [], "hypotheses": []}
    assert fragment(claim, record) == fragment(None, record) == ""


def test_verdicts_of_a_run_are_not_put_beside_a_formula_that_has_changed_since(made: Made, tmp_path: Path) -> None:
    """A run that holds, and a law that is broken after it, by a term of which no word of its steps tells."""
    made(False)
    record = json.loads((tmp_path / "run" / "ledger.json").read_text(encoding="utf-8"))["claims"][0]
    claim = invented_pairs(broken=False)[0][0]
    changed = claim.replaced(square=X**2 + 2 * X + 2)
    assert [s.words for s in changed.steps(changed.formulas)] == [s["words"] for s in record["steps"]]
    assert fragment(claim, record) == fragments((prove(claim),), "latex").removeprefix(NOTATION)
    assert fragment(changed, record) == ""


@pytest.mark.parametrize("name", ["decay-equilibrium", "riemannian-steps-keep-the-norm"])
def test_the_conclusion_that_falls_without_a_hypothesis_is_the_runs_own(name: str) -> None:
    """A later one of several, of these laws."""
    kept = proof(name)
    said = proof_record(kept)
    steps = [step_document(step) for step in said.steps]
    hypotheses = [{"id": h.id, "words": said.witnesses[h.id].words, "symbolic": kernel_document(said.witnesses[h.id])}
                  for h in kept.claim.hypotheses]  # fmt: skip
    record = json.loads(json.dumps({"steps": steps, "hypotheses": hypotheses}))
    assert fragment(kept.claim, record) == fragments((kept,), "latex").removeprefix(NOTATION)


def test_the_page_wears_the_colours_of_the_figures() -> None:
    for style in (LIGHT, DARK):
        for name in ("theory", "simulation", "bound", "broken"):
            assert f"--{name}:{getattr(style, name)}" in variables()


def test_every_font_that_is_asked_for_is_in_the_page() -> None:
    faces = re.findall(r"@font-face\{[^}]*\}", assets.style())
    assert len(faces) == 13
    assert all("src:url(data:font/woff2;base64," in face for face in faces)
    assert "</script" not in assets.script()
