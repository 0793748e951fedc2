"""What a run says nothing of is said: claims that were no part of it, and laws that have changed since."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from derivations.__main__ import main
from derivations.docs.pages import claim_pages, ledger_verdicts
from derivations.latex.companion import ledger as table
from derivations.latex.companion import summary
from derivations.ledger.currency import changed, not_run
from derivations.ledger.inputs import sources
from tests.law_checks import proof
from theory.catalogue import catalogue

RUN = ("gradient-is-orthogonal", "sgd-step-is-pythagorean")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two laws."""
    out = tmp_path_factory.mktemp("run")
    assert main(["verify", *RUN, "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def aged(folder: Path, tmp_path: Path) -> Path:
    """The same run, the second law of it with another hash, as if it had been of other sources."""
    document = read(folder)
    document["claims"][1]["sources"] = "0" * 64
    (tmp_path / "ledger.json").write_text(json.dumps(document))
    (tmp_path / "points.json").write_bytes((folder / "points.json").read_bytes())
    return tmp_path


def read(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "ledger.json").read_text()))


def page(folder: Path, out: Path) -> str:
    assert main(["report", "--ledger", str(folder), "--out", str(out), "--quiet"]) == 0
    return (out / "report.html").read_text(encoding="utf-8")


def test_every_law_has_sources_of_its_own_and_they_are_those_of_the_run(folder: Path) -> None:
    found = [sources(claim.id, catalogue()) for claim in catalogue()]
    assert len(set(found)) == len(found)
    assert all(map(re.compile("[0-9a-f]{64}").fullmatch, found))
    assert changed(read(folder)) == frozenset()
    assert len(not_run(read(folder))) == len(catalogue()) - 2


def test_a_law_that_changed_a_law_that_is_gone_and_a_ledger_from_before_hashes_are_of_other_sources(folder: Path, aged: Path) -> None:
    assert changed(read(aged)) == {RUN[1]}
    document = read(folder)
    document["claims"][0]["id"] = "no-such-law"
    del document["claims"][1]["sources"]
    assert changed(document) == {"no-such-law", RUN[1]}


@pytest.mark.parametrize("edit", [
    lambda claim: claim.update(title="The norm never grows"),
    lambda claim: claim["hypotheses"][0].update(words="always"),
    lambda claim: claim["hypotheses"].pop(),
])  # fmt: skip
def test_a_record_that_says_something_else_than_its_law_is_no_record_of_it(folder: Path, edit: Any) -> None:
    document = read(folder)
    edit(document["claims"][0])
    assert changed(document) == {RUN[0]}


def test_the_page_of_a_part_says_that_it_is_one(folder: Path, tmp_path: Path) -> None:
    text = page(folder, tmp_path)
    assert "<h1>All 2 claims of this run hold</h1>" in text
    assert f"{len(catalogue()) - 2} of the {len(catalogue())} claims of the catalogue are no part of this run." in text
    assert "other sources" not in text
    assert "changed since this run" not in text


def test_the_page_of_an_old_run_says_what_has_changed(aged: Path, tmp_path: Path) -> None:
    text = page(aged, tmp_path / "page")
    assert "<h1>All 2 claims of this run held, but 1 has changed since</h1>" in text
    assert '<header class="changed">' in text
    assert "✓</span><div><h1>" not in text
    assert "1 claim of this run is of other sources than those of today" in text
    assert text.count(">changed since this run<") == 1


def test_the_paper_says_which_laws_were_not_measured_or_have_changed_since(folder: Path, aged: Path) -> None:
    proofs = [proof(name) for name in (*RUN, "gradient-scales-inversely")]
    known = {p.claim.id: p.claim.label for p in proofs}
    fresh = table.table(read(folder), known)
    assert r"\textbf{Not measured in this run: Law \ref{claim:gradient-scales-inversely}.}" in fresh
    assert "other sources" not in fresh
    assert rf"so that its verdicts need not be theirs: Law \ref{{claim:{RUN[1]}}}.}}" in table.table(read(aged), known)
    assert r"all 2 laws that were measured hold; \textbf{1 law was not}." in summary.abstract(proofs, read(folder))
    assert "have changed since the ledger" not in summary.abstract(proofs, read(folder))
    assert "have changed since the ledger" in summary.abstract(proofs, read(aged))
    assert "all 2 laws hold." in summary.abstract(proofs[:2], read(folder))


def test_the_site_says_on_the_page_of_a_law_that_it_has_changed(aged: Path) -> None:
    pages = claim_pages([proof(name) for name in RUN], ledger_verdicts(aged))
    assert ["has changed since" in pages[f"claims/{name}.md"] for name in RUN] == [False, True]
