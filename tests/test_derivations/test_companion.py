"""The companion paper: says what the records say, compiles, and tells what is wrong where it does not."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import derivations.latex.export
from derivations.__main__ import main
from derivations.command_line.input_checks import UsageError
from derivations.figures.names import FIGURES, LAWS
from derivations.latex.companion import assumptions, figures, imprint, ledger, summary
from derivations.latex.companion.build import TypesettingError, bibtex_error, build, commands, first_error, read_log
from derivations.latex.companion.document import master
from derivations.latex.export import Extras, export
from derivations.latex.fragment import proof_latex
from derivations.latex.words import words_latex
from derivations.ledger.document import document
from derivations.ledger.verification import Plan, verify
from tests import law_checks
from tests.test_derivations.invented import X, false, invented
from theory.catalogue import Catalogue, catalogue
from theory.claims import Claim, Proof, prove
from theory.kernel import Equal

SOME = ("gradient-is-orthogonal", "sgd-step-is-pythagorean")
every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
needs_latex = pytest.mark.skipif(
    not (shutil.which("pdflatex") and shutil.which("bibtex")), reason="pdflatex and bibtex are not installed"
)


@pytest.fixture(scope="module")
def some() -> tuple[Proof, ...]:
    return tuple(law_checks.proof(name) for name in SOME)


def test_the_summary_counts_what_is_proved_and_says_what_is_not(some: tuple[Proof, ...]) -> None:
    text = summary.abstract(some, None)
    assert "2 laws" in text
    assert "All are proved" in text
    assert "reports proofs only" in text
    refuted = prove(invented().replaced(square=X**2))
    text = summary.abstract((*some, refuted), None)
    assert "2 of them are proved" in text
    assert r"\textbf{Not proved: Law \ref{claim:it-holds} (refuted).}" in text


def test_a_hypothesis_that_is_not_shown_to_be_needed_is_named_in_the_summary() -> None:
    claim = invented()
    toothless = replace(false(claim.formulas), goal=Equal(X, X))
    weak = replace(claim, hypotheses=(replace(claim.hypotheses[0], witness=lambda _: toothless),))
    assert r"\textbf{Not shown to be needed: \ref{claim:it-holds} (H1).}" in summary.abstract((prove(weak),), None)


def test_every_hypothesis_is_in_the_table_of_assumptions(some: tuple[Proof, ...]) -> None:
    text = master(some)
    section = text.split(r"\label{sec:assumptions}", 1)[1].split(r"\section", 1)[0]
    for proof in some:
        assert section.count(rf"\ref{{claim:{proof.claim.id}}} &") == len(proof.claim.hypotheses)
        for hypothesis in proof.claim.hypotheses:
            assert words_latex(hypothesis.words.rstrip(".")) in section


def test_a_hypothesis_is_named_where_several_laws_need_it() -> None:
    text = assumptions.table([law_checks.proof("bias-and-dispersion-compete"), law_checks.proof("specific-rows-are-short")])
    *several, alone = re.findall(r"\\textit\{(.*?)\}", text)
    assert alone == "Needed by one law each"
    assert all(title.endswith("laws)") for title in several)


def test_names_of_hypotheses_are_spelled_as_names() -> None:
    proofs = [law_checks.proof("bias-and-dispersion-compete"), law_checks.proof("specific-rows-are-short")]
    text = assumptions.table([*proofs, *(replace(proof) for proof in proofs)])
    assert r"\textit{Cosine InfoNCE (" in text
    assert r"\textit{Von Mises-Fisher (" in text


def test_contents_name_every_part_and_laws_have_their_page(some: tuple[Proof, ...]) -> None:
    text = master(some)
    for part in ("The laws", "Notation", r"\refname"):
        assert rf"\section*{{{part}}}\addcontentsline{{toc}}{{section}}{{{part}}}" in text
    for name in SOME:
        assert rf"\pageref{{claim:{name}}} \\" in text


def test_the_map_of_the_imprint_has_a_row_for_every_regime() -> None:
    from theory.imprint_map import regimes

    assert imprint.table().count(r"\normlawfit{r^") == len(regimes())
    assert imprint.needed() <= {c.label for c in catalogue()}


def run_of(tmp_path: Path) -> dict[str, Any]:
    plan = Plan((catalogue()[SOME[1]],), False, 0, "quick", None, tmp_path, False)
    found: dict[str, Any] = json.loads(json.dumps(document(verify(plan, lambda _event, _results: None)), default=str))
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_of(tmp_path_factory.mktemp("run"))


def test_the_ledger_is_a_table_of_what_was_measured(run: dict[str, Any]) -> None:
    text = ledger.table(run, {SOME[1]: "B2"})
    assert "everything holds" in text
    assert rf"\ref{{claim:{SOME[1]}}} & proved & holds &" in text
    assert "No ledger of measurements was given" in ledger.table(None, {})


def test_a_run_that_falls_short_says_so_first(run: dict[str, Any]) -> None:
    run = {**run, "summary": {**run["summary"], "falls_short": [{"who": "B2", "why": "evidence fails: 3 above 2"}]}}
    text = ledger.table(run, {SOME[1]: "B2"})
    assert text.index(r"\textbf{This run falls short:}") < text.index("longtable")
    assert "everything holds" not in text
    assert "1 entry falls short" in summary.abstract((), run)


def test_figures_that_lie_beside_the_paper_are_included_in_the_order_of_the_story(tmp_path: Path, some: tuple[Proof, ...]) -> None:
    assert r"\includegraphics" not in master(some)
    (tmp_path / "figures").mkdir()
    for name in ("another-one", "heavy-tails", "quartic-growth"):
        (tmp_path / "figures" / f"{name}.pdf").write_bytes(b"%PDF")
    assert figures.found(tmp_path) == ("quartic-growth", "heavy-tails", "another-one")
    assert master(some, pictures=figures.found(tmp_path)).count(r"\includegraphics") == 3


def test_every_figure_of_the_story_has_its_caption_and_one_of_a_claim_names_the_law() -> None:
    assert set(figures.CAPTIONS) == set(LAWS) == set(FIGURES)
    assert all(figures.caption(name).endswith(rf"{{{LAWS[name][-1]}}}.") for name in FIGURES)  # with its laws
    assert rf"Law~\ref{{claim:{SOME[1]}}}" in figures.caption(f"{SOME[1]}-evidence-2")
    assert "scale invariant" in figures.caption(f"{SOME[1]}-witness-scale-invariant")


def typeset(out: Path) -> Iterator[str]:
    for path in out.rglob("*.pdf"):
        yield path.name


@needs_latex
def test_a_small_paper_is_typeset_and_nothing_is_left_behind(tmp_path: Path, some: tuple[Proof, ...], run: dict[str, Any]) -> None:
    export(tmp_path, "latex", some, Extras(ledger=run))
    before = {p.name for p in tmp_path.rglob("*")}
    assert build(tmp_path) == tmp_path / "normlaw.pdf"
    assert {p.name for p in tmp_path.rglob("*")} == {*before, "normlaw.pdf"}
    assert (tmp_path / "normlaw.pdf").stat().st_size > 10_000


@needs_latex
def test_an_error_of_latex_is_told_with_line_and_cause(tmp_path: Path, some: tuple[Proof, ...]) -> None:
    export(tmp_path, "latex", some)
    path = tmp_path / "claims" / f"{SOME[1]}.tex"
    path.write_text(path.read_text() + "\\undefinedcommand\n")
    line = len(path.read_text().splitlines())
    (tmp_path / "normlaw.pdf").write_bytes(b"of before")
    with pytest.raises(TypesettingError, match=rf"{SOME[1]}\.tex, line {line}: Undefined control sequence"):
        build(tmp_path)
    assert list(typeset(tmp_path)) == []


@needs_latex
def test_a_reference_without_target_and_a_line_that_sticks_out_are_errors(tmp_path: Path, some: tuple[Proof, ...]) -> None:
    export(tmp_path, "latex", some)
    path = tmp_path / "normlaw.tex"
    wide = r"\noindent\hbox to 200mm{\hfil}" + "\n"
    path.write_text(path.read_text().replace(r"\appendix", rf"\appendix See \ref{{claim:nowhere}}. {wide}"))
    (tmp_path / "normlaw.pdf").write_bytes(b"of before")
    with pytest.raises(TypesettingError, match=r"is there, but not as it should be: .*claim:nowhere.*Overfull"):
        build(tmp_path)
    assert (tmp_path / "normlaw.pdf").stat().st_size > 10_000


def test_what_stands_in_a_log_is_read() -> None:
    log = "Overfull \\hbox (1.5pt too wide) in x\nOverfull \\hbox (2.5pt too wide) in y\nLaTeX Warning: Citation `a' on page 1 undefined\n"
    assert read_log(log) == ["nothing is called 'a'", "Overfull \\hbox (2.5pt too wide) in y"]
    assert first_error("! Emergency stop.\nl.7 \\x") == "Emergency stop. (at line 7: \\x)"
    assert first_error("fine") == "no cause is given in its log"
    assert bibtex_error("x\nI couldn't open database file a.bib\n") == "I couldn't open database file a.bib"


def test_without_an_engine_pdf_says_what_to_install(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UsageError, match="apt-get install texlive-latex-base texlive-latex-recommended lmodern"):
        commands()
    assert main(["export", "--out", str(tmp_path), "--pdf"]) == 2
    assert "apt-get install" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export"], "--out DIR is needed"),
        (["export", "B2", "--out", "x"], "do not go together"),
        (["export", "--out", "x", "--plain"], "--plain is for fragments"),
        (["export", "B2", "--pdf"], "--pdf is for the whole paper"),
        (["export", "--out", "x", "--format", "json", "--ledger", "y"], "--ledger is for the whole paper"),
        (["export", "B99"], "is no claim"),
    ],
)
def test_what_does_not_go_together_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("form", ["latex", "markdown", "json"])
def test_named_claims_are_printed(capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert main(["export", "B2", "A1", "--format", form]) == 0
    out = capsys.readouterr().out
    assert all(catalogue()[name].title in out for name in SOME)


def fragment_in(tmp_path: Path, text: str) -> subprocess.CompletedProcess[bytes]:
    """Somebody else's paper with a fragment in it."""
    packages = r"\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{amsmath,amssymb,amsthm}"
    paper = rf"\documentclass{{article}}{packages}\begin{{document}}" + "\n" + text + "\n\\end{document}\n"
    (tmp_path / "theirs.tex").write_text(paper)
    return subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "theirs"], cwd=tmp_path, capture_output=True, timeout=120, check=False
    )


@needs_latex
@pytest.mark.parametrize("flags", [[], ["--plain"]], ids=["with macros", "plain"])
def test_a_fragment_compiles_in_somebody_elses_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]) -> None:
    assert main(["export", "B2", "A6", "C0", *flags]) == 0
    text = capsys.readouterr().out
    done = fragment_in(tmp_path, text)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-1500:]
    assert (r"\newcommand{\normlawfit}" in text) is not bool(flags)


@every_claim
def test_a_plain_fragment_has_no_macro_of_ours(claim: Claim) -> None:
    from derivations.latex.plain import plain

    text = plain(proof_latex(law_checks.proof(claim.id)))
    assert re.findall(r"\\(?:normlaw\w*|law\w*|formally|decided)(?![A-Za-z])", text) == []
    assert re.findall(r"\\(?:begin|end)\{(?:law|hypotheses|witnesses|steps)\}", text) == []
    assert text.count("{") == text.count("}")


def test_an_export_of_one_chapter_names_laws_of_others(some: tuple[Proof, ...]) -> None:
    assert r"\renewcommand{\thenormlawtheorem}{A1}\refstepcounter{normlawtheorem}\label{claim:gradient-is-orthogonal}" in master(some[1:])
    assert r"\renewcommand{\thenormlawtheorem}{A1}" not in master(some)


def test_a_claim_that_nobody_knows_has_no_broken_variants(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(derivations.latex.export, "catalogue", lambda: Catalogue((invented(),)))
    export(tmp_path, "latex")
    assert "None of these laws has any." in (tmp_path / "normlaw.tex").read_text()
