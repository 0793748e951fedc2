"""What rests on a law that does not stand is no law: said wherever a law is printed, and by the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from derivations.__main__ import main
from derivations.docs.pages import _law, claim_pages, falls_short, index_page
from derivations.latex.companion import summary
from derivations.latex.companion.document import _head
from derivations.latex.fragment import proof_latex
from derivations.latex.markdown import claim_markdown, outcome_markdown
from derivations.latex.plain import plain
from derivations.latex.resting import rested
from tests.test_derivations.invented import X, invent, invented, measured, measurement
from theory.claims import Claim, Proof, prove
from theory.standing import behind

__all__ = ["invent"]
WRONG = X**2 + 2 * X + 2
Invent = Callable[..., None]


def chain(*, broken: bool) -> tuple[Claim, ...]:
    """Three claims, each derived from the one before, and one that is derived from none; the first is false if ``broken``."""
    first, second = invented("first"), invented("second-law", derived_from=("first",))
    third, alone = invented("third-of-them", derived_from=("second-law",)), invented("alone-here")
    return (first.replaced(square=WRONG) if broken else first, second, third, alone)


@pytest.fixture
def proofs(invent: Invent) -> tuple[Proof, ...]:
    claims = chain(broken=True)
    invent(*((claim, measured()) for claim in claims))
    return rested(map(prove, claims))


def labels(proof: Proof) -> list[str]:
    return [lemma.label for lemma in proof.fallen]


def test_what_is_behind_a_claim_is_found_at_any_remove_and_a_circle_ends() -> None:
    uses = {"a": [], "b": ["a"], "c": ["b", "elsewhere"], "d": ["e"], "e": ["d"]}
    assert {name: behind(name, uses) for name in uses} == {"a": set(), "b": {"a"}, "c": {"a", "b", "elsewhere"}, "d": {"e"}, "e": {"d"}}


def test_a_fallen_lemma_is_found_whether_it_was_proved_with_the_others_or_not(proofs: tuple[Proof, ...]) -> None:
    assert [labels(p) for p in proofs] == [[], ["Z5"], ["Z5"], []]
    assert [p.stands for p in proofs] == [False, True, True, True]
    (alone,) = rested([prove(proofs[2].claim)])
    assert labels(alone) == ["Z5"]


def test_lemmas_that_stand_are_no_matter_measured_ones_among_them(invent: Invent) -> None:
    claims = chain(broken=False)
    invent(*((claim, measured()) for claim in (*claims, invented("measured", numeric_only=True, steps=lambda _: ()))))
    on_measured = invented("on-it", derived_from=("measured", "first"))
    assert [p.fallen for p in rested(map(prove, (*claims, on_measured)))] == [()] * 5


@pytest.mark.parametrize("written", [plain, str])
def test_a_fragment_warns_before_the_statement_and_ends_no_proof(proofs: tuple[Proof, ...], written: Callable[[str], str]) -> None:
    for proof in proofs[1:3]:
        text = written(proof_latex(proof))
        assert "% DO NOT CITE: it rests on Z5, which does not stand" in text
        assert text.index("until that is mended, it is not established") < text.index("Suppose that")
        assert r"\qedhere" not in text
    good = written(proof_latex(proofs[3]))
    assert "rests on" not in good
    assert "DO NOT CITE" not in good


def test_the_paper_counts_it_as_not_proved(proofs: tuple[Proof, ...]) -> None:
    text = summary.abstract(proofs, None)
    assert "1 of them is proved" in text
    assert r"Resting on what does not stand: Law \ref{claim:second-law}, \ref{claim:third-of-them}." in text
    assert text.count("Not proved: Law") == 1
    table = summary.overview(proofs)
    assert table.count(r". \textbf{Rests on \ref{claim:first}, which does not stand.}") == 2


def test_markdown_and_the_site_say_so_on_each_page_in_the_index_and_in_front(proofs: tuple[Proof, ...]) -> None:
    said = "rests on [Z5](first.md), which does not stand"
    assert claim_markdown(proofs[1]).index(said) < claim_markdown(proofs[1]).index("## Hypotheses")
    assert "rests on" not in claim_markdown(proofs[3])
    assert index_page(proofs).count(f"**proved, but {said}**") == 2
    front = falls_short(proofs, {})
    assert front.startswith(":::{danger}")
    assert front.count("\n- ") == 3
    assert "claims/alone-here.md" not in front
    assert falls_short(proofs[3:], {}) == ""


def test_a_law_that_fell_short_in_the_run_says_so_first_on_its_page(proofs: tuple[Proof, ...]) -> None:
    record: dict[str, Any] = {"evidence": {"verdict": "fails", "measurements": []}, "falls_short": ["evidence fails: $x$ is off"]}
    page = claim_pages(proofs, {"alone-here": record})["claims/alone-here.md"]
    assert page.index("- evidence fails: $x$ is off") < page.index("**proved**")
    assert "claims/alone-here.md): falls short in the run" in falls_short(proofs, {"alone-here": record})
    assert falls_short(proofs[3:], {"alone-here": record | {"falls_short": []}}) == ""


@pytest.mark.parametrize("id", ["first", "second-law", "third-of-them", "alone-here"])
@pytest.mark.parametrize("format", ["latex", "markdown", "json"])
def test_printing_one_exits_with_1_and_says_why(invent: Invent, capsys: pytest.CaptureFixture[str], id: str, format: str) -> None:
    invent(*((claim, measured()) for claim in chain(broken=True)))
    status = main(["export", id, "--format", format])
    out, said = capsys.readouterr()
    assert status == (id != "alone-here")
    assert ("it is no law" in said) == (id == "first")
    assert ("it is not established" in said) == (id in ("second-law", "third-of-them"))
    if format == "json":
        assert json.loads(out)["claims"][0]["fallen_lemmas"] == ["first"] * (id in ("second-law", "third-of-them"))


def test_show_says_it_in_words_and_in_json(invent: Invent, capsys: pytest.CaptureFixture[str]) -> None:
    invent(*((claim, measured()) for claim in chain(broken=True)))
    for id, rests in (("third-of-them", True), ("alone-here", False)):
        assert main(["show", id]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert ("It rests on Z5, which does not stand: until that is mended, it is not established." in said) == rests
        assert main(["show", id, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["fallen_lemmas"] == ["first"] * rests
        assert main(["show", id, "--latex"]) == 0
        assert ("DO NOT CITE" in capsys.readouterr().out) == rests


@pytest.mark.parametrize("broken", ["proof", "evidence", "witness"])
def test_the_ledger_says_it_of_whatever_a_lemma_falls_short_of(
    invent: Invent, tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    claims = chain(broken=broken == "proof")
    first = measured(measurement(1.0)) if broken == "evidence" else measured(bites=broken != "witness")
    invent(*zip(claims, (first, *(measured() for _ in claims[1:])), strict=True))
    assert main(["verify", "--chapter", "invented", "--out", str(tmp_path), "--json", "--quiet"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["summary"]["rest_on_what_falls_short"] == ["second-law", "third-of-them"]
    assert {c["id"]: c["fallen_lemmas"] for c in found["claims"]} == {
        "first": [], "second-law": ["Z5"], "third-of-them": ["Z5"], "alone-here": [],
    }  # fmt: skip
    assert (tmp_path / "ledger.md").read_text().count("**rests on Z5, which falls short**") == 2
    assert main(["verify", "--chapter", "invented", "--out", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.count("rests on Z5, which falls") == 2
    assert "2 more rest on what falls short" in out


def test_nothing_is_said_where_nothing_falls_short(invent: Invent, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invent(*((claim, measured()) for claim in chain(broken=False)))
    assert main(["verify", "--chapter", "invented", "--out", str(tmp_path)]) == 0
    assert "rest" not in capsys.readouterr().out.lower().replace("the rest", "")


def test_a_run_without_its_lemmas_says_that_it_did_not_decide_them(
    invent: Invent, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lemma is false, and no part of the run: all that was run holds."""
    invent(*((claim, measured()) for claim in chain(broken=True)))
    assert main(["verify", "third-of-them", "alone-here", "--out", str(tmp_path)]) == 0
    assert "these claims rest on second-law, which was not run" in capsys.readouterr().out
    assert "**These claims rest on second-law, which was not run.**" in (tmp_path / "ledger.md").read_text()
    found = json.loads((tmp_path / "ledger.json").read_text())
    assert found["summary"]["rest_on_what_was_not_run"] == ["third-of-them"]
    assert [c["lemmas_not_run"] for c in found["claims"]] == [["second-law"], []]
    assert main(["report", "--ledger", str(tmp_path), "--out", str(tmp_path), "--quiet"]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "All 2 claims of this run hold" in page
    assert page.count("rests on Z10, which was not run") == 1


def test_the_abstract_of_a_paper_with_a_fallen_law_begins_with_it(proofs: tuple[Proof, ...]) -> None:
    text = summary.abstract(proofs, None)
    assert text.index(r"\textbf{Not proved: Law \ref{claim:first} (refuted).}") < text.index("This document states")
    assert "of 4 hypotheses, 3 are shown to be needed" in text
    assert "All are proved" not in text
    standing = summary.abstract(proofs[3:], None)
    assert "proved by an exact kernel" in standing
    assert "Not proved" not in standing


def test_what_does_not_stand_is_called_no_law_and_has_no_source_on_the_terminal_and_on_the_site(
    proofs: tuple[Proof, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "first"]) == 0
    out = capsys.readouterr().out
    assert out.index("It is refuted: no law.") < out.index("what was put to the kernel, and is refuted")
    assert "derived here" not in out
    assert "no source is known to say this" in claim_markdown(proofs[0])
    boxes = [_law(proof) for proof in proofs]
    assert boxes[0].index("**refuted**, 1 steps: this is no law") < boxes[0].index("$$")
    assert boxes[1].index("which does not stand**, 1 steps: this is not established") < boxes[1].index("$$")
    assert "no law" not in boxes[3]


def test_what_is_refuted_and_rests_on_such_is_not_called_refuted_but(proofs: tuple[Proof, ...]) -> None:
    both = replace(proofs[0], fallen=proofs[1].fallen)
    assert outcome_markdown(both) == "**refuted, and rests on [Z5](first.md), which does not stand**"
    assert r". \textbf{Rests on \ref{claim:first}, which does not stand.} & \textbf{refuted} &" in summary.overview([both])


def test_the_title_of_a_paper_calls_nothing_proved_where_something_does_not_stand_or_fell_short(proofs: tuple[Proof, ...]) -> None:
    said = r"\author{\textbf{Not all of it holds: see the abstract}"
    run: dict[str, Any] = {"summary": {"falls_short": []}}
    for some in (proofs, proofs[1:2], proofs[2:]):
        assert _head(some, None).count(said) == 1
        assert "proved" not in _head(some, None)
    assert _head(proofs[3:], {"summary": {"falls_short": ["alone-here"]}}).count(said) == 1
    for ledger in (None, run):
        assert r"\author{Stated, proved and typeset by" in _head(proofs[3:], ledger)
    measured_only = [prove(invented("measured", numeric_only=True, steps=lambda _: ()))]
    assert r"\author{Stated, proved or measured, and typeset by" in _head(measured_only, None)
