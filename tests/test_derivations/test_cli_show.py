"""``normlaw list``, ``show`` and ``export``: what is claimed, and how it was decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import derivations.chapter_script
import derivations.commands.list
import derivations.commands.show
import derivations.latex.export
from derivations.__main__ import main
from tests.test_derivations.invented import X, invented
from theory.catalogue import Catalogue, catalogue
from theory.claims import Step
from theory.kernel import Equal


def said(capsys, *arguments: str) -> str:
    assert main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert [told for told in err.splitlines() if not told.startswith("export: ")] == []  # but for progress
    return out


def test_list_names_every_claim_with_its_hypotheses(capsys):
    out = said(capsys, "list")
    for claim in catalogue():
        assert f"{claim.label:<5}{claim.id}\n" in out
        assert all(h.id in out for h in claim.hypotheses)


def test_list_prints_the_provenance_and_the_sources_of_every_claim(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "110")
    entries = said(capsys, "list").split("\n")
    for claim in catalogue():
        start = entries.index(f"{claim.label:<5}{claim.id}")
        entry = " ".join(part.strip() for part in entries[start : start + 7])
        sources = [f"[{r.key}]" for r in claim.references]
        assert f" {claim.provenance.value}{'; see ' if sources else ''}{(sources or [''])[0]}" in entry


def test_list_says_which_claims_are_measured_and_not_proved(capsys, monkeypatch):
    assert "NUMERIC-ONLY" not in said(capsys, "list")
    claims = Catalogue((invented(numeric_only=True),))
    monkeypatch.setattr(derivations.commands.list, "catalogue", lambda: claims)
    assert "NUMERIC-ONLY: measured, not proved" in said(capsys, "list")


def test_list_as_json_is_one_document(capsys):
    listed = json.loads(said(capsys, "list", "--json"))["claims"]
    assert [c["id"] for c in listed] == [c.id for c in catalogue()]
    assert {"label", "chapter", "title", "hypotheses", "derived_from", "provenance"} <= set(listed[0])
    assert [c["provenance"] for c in listed] == [c.provenance.value for c in catalogue()]


def test_the_graph_names_what_each_claim_is_derived_from(capsys):
    assert "sgd-step-is-pythagorean  <-  gradient-is-orthogonal" in said(capsys, "list", "--graph")
    assert '"gradient-is-orthogonal" -> "sgd-step-is-pythagorean";' in said(capsys, "list", "--dot")


@pytest.mark.parametrize("name", ["B2", "b2", "sgd-step-is-pythagorean", "sgd_step_is_pythagorean"])
def test_show_takes_a_label_or_an_id_and_prints_each_step_with_its_method(capsys, name):
    out = said(capsys, "show", name)
    assert out.startswith("B2  sgd-step-is-pythagorean  proved\n")
    assert "‖uₖ₊₁‖²" in out
    assert "    proved  normal form: 1 polynomial identity" in out
    assert "without it: decoupled decay switched on: refuted (off by" in out
    assert "[arora2019]" in out


def test_show_in_other_forms(capsys):
    document = json.loads(said(capsys, "show", "B2", "--json"))
    assert document["proof"] == "proved"
    assert document["steps"][1]["method"] == "normal form"
    assert document["hypotheses"][0]["witness"]["bites"] is True
    assert r"\lVert u_{k+1}\rVert^2" in said(capsys, "show", "B2", "--latex")


def test_a_claim_that_is_only_measured_states_its_formulas_and_says_so(capsys, monkeypatch, tmp_path):
    claims = Catalogue((invented(numeric_only=True, steps=lambda _: ()),))
    for module in (derivations.commands.show, derivations.latex.export):
        monkeypatch.setattr(module, "catalogue", lambda: claims)
    assert "MEASURED, NOT PROVED: 1 + 2 x + x²" in said(capsys, "show", "it-holds")
    document = json.loads(said(capsys, "show", "it-holds", "--json"))
    assert (document["proof"], document["statement_latex"]) == ("numeric-only", "1 + 2 x + x^2")
    said(capsys, "export", "--format", "markdown", "--out", str(tmp_path))
    text = (tmp_path / "it-holds.md").read_text()
    assert "**numeric-only**" in text
    assert "measured, not proved:\n\n$$1 + 2 x + x^2$$" in text
    assert "| **numeric-only** |" in (tmp_path / "index.md").read_text()


def test_show_says_what_is_not_proved(capsys, monkeypatch):
    broken = invented(steps=lambda _: (Step("It is double.", Equal(X, 2 * X), concludes=True),))
    monkeypatch.setattr(derivations.commands.show, "catalogue", lambda: Catalogue((broken,)))
    out = said(capsys, "show", "it-holds")
    assert "it-holds  refuted" in out
    assert "refuted  ball arithmetic; off by" in out
    assert "; at x = " in out


@pytest.mark.parametrize("form", ["latex", "markdown", "json"])
def test_export_names_the_files_it_wrote(capsys, tmp_path, monkeypatch, form):
    monkeypatch.setattr(derivations.latex.export, "catalogue", lambda: Catalogue((invented(),)))
    out = said(capsys, "export", "--format", form, "--out", str(tmp_path / "new"))
    paths = [Path(line) for line in out.splitlines()]
    assert set(paths) == {p for p in (tmp_path / "new").rglob("*") if p.is_file()}
    assert any("it-holds" in path.read_text() for path in paths)


def test_a_chapter_with_an_open_step_exits_1_and_names_the_claim(capsys, tmp_path, monkeypatch):
    open_step = invented(steps=lambda _: (Step("It is exact.", Equal(X, 1.0 * X), concludes=True),))
    claims = Catalogue((open_step, invented("another-that-holds")))
    monkeypatch.setattr(derivations.chapter_script, "catalogue", lambda: claims)
    assert derivations.chapter_script.run_chapter("invented", ["--out", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.count("\nZ8 it-holds: proof undecided at step 1, It is exact: ") == 2
    assert out.startswith("NOT EVERYTHING HERE HOLDS\nZ8 it-holds: ")
    assert "1 of 2 claims proved" in out


def test_a_chapter_says_first_and_at_the_law_what_rests_on_what_does_not_stand(capsys, tmp_path, monkeypatch):
    false = invented("false-lemma", steps=lambda _: (Step("It is double.", Equal(X, 2 * X), concludes=True),))
    claims = Catalogue((false, invented("it-follows", derived_from=("false-lemma",)), invented("another-that-holds")))
    for module in ("derivations.chapter_script", "derivations.latex.resting"):
        monkeypatch.setattr(f"{module}.catalogue", lambda: claims)
    assert derivations.chapter_script.run_chapter("invented", ["--out", str(tmp_path)]) == 1
    first, _, rest = capsys.readouterr().out.partition("\n\n")
    assert "it-follows: rests on Z" in first
    assert "another-that-holds" not in first
    assert "until that is mended, it is not established" in " ".join(rest.split())


def test_a_chapter_counts_what_is_only_measured_apart(capsys, tmp_path, monkeypatch):
    claims = Catalogue((invented(numeric_only=True, steps=lambda _: ()), invented("another-that-holds")))
    monkeypatch.setattr(derivations.chapter_script, "catalogue", lambda: claims)
    assert derivations.chapter_script.run_chapter("invented", ["--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "1 of 2 claims proved, 1 NUMERIC-ONLY (measured, not proved)" in out
    assert "HOLDS" not in out
    summary = (tmp_path / "normlaw.tex").read_text()
    assert r"\textbf{numeric-only}" in summary
    assert "The statement is measured, not proved:" in (tmp_path / "claims" / "it-holds.tex").read_text()
