"""The exported files: complete, equal from run to run, and accepted by LaTeX."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derivations.latex.companion import broken
from derivations.latex.companion.build import build
from derivations.latex.export import FORMATS, export
from derivations.latex.words import words_latex, words_markdown
from numerics.validation import InvalidInput
from tests import law_checks
from tests.conftest import PROFILE
from theory.catalogue import catalogue
from theory.claims import Proof

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def proofs() -> tuple[Proof, ...]:
    """The catalogue, proved once."""
    return tuple(law_checks.proof(claim.id) for claim in catalogue())


EVERY = 1 if PROFILE == "thorough" else 8  # one claim in so many is proved anew for each hash seed


def exported(out: Path, seed: str) -> dict[str, bytes]:
    """All formats, by a process with its own hash seed."""
    code = (
        "import sys; from pathlib import Path; from derivations.latex.export import FORMATS, export\n"
        "from theory.catalogue import catalogue; from theory.claims import prove\n"
        f"proofs = tuple(map(prove, tuple(catalogue())[::{EVERY}]))\n"
        "for f in FORMATS: export(Path(sys.argv[1]) / f, f, proofs)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", code, str(out)], check=True, cwd=ROOT, env=environment, timeout=300)
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_bytes_are_equal_whatever_the_hash_seed(tmp_path: Path) -> None:
    first, second = exported(tmp_path / "a", "0"), exported(tmp_path / "b", "12345")
    assert len(first) > 2 * len(catalogue()) // EVERY
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_symbols_of_every_claim_are_in_one_order_whatever_the_hash_seed() -> None:
    code = "from derivations.latex.content import assumptions as a; from theory.catalogue import catalogue; print(*map(a, catalogue()))"
    run = [sys.executable, "-c", code]
    told = [
        subprocess.run(run, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, timeout=300, capture_output=True).stdout
        for seed in ("1", "2")
    ]
    assert b"dots" in told[0]
    assert told[0] == told[1]


WRITTEN = {"latex": words_latex, "markdown": words_markdown, "json": str}  # a title, as each format has it


@pytest.mark.parametrize("format", FORMATS)
def test_every_claim_is_exported_and_every_file_reported(
    proofs: tuple[Proof, ...], tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the appendix, which asks the kernel for each broken variant: `test_companion` has it, claim by claim."""
    monkeypatch.setattr(broken, "appendix", lambda *_: "")
    paths = export(tmp_path / "new" / "folder", format, proofs)
    assert sorted(paths) == sorted(p for p in tmp_path.rglob("*") if p.is_file())
    everything = "".join(p.read_text(encoding="utf-8") for p in paths)
    for claim in catalogue():
        assert claim.id in everything
        assert WRITTEN[format](claim.title) in everything


def test_json_holds_every_field_of_every_claim(proofs: tuple[Proof, ...], tmp_path: Path) -> None:
    (path,) = export(tmp_path, "json", proofs)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["schema"] == "normlaw-claims/1"
    assert [c["id"] for c in document["claims"]] == [c.id for c in catalogue()]
    for claim in document["claims"]:
        assert claim["status"] == "proved"
        assert claim["formulas"] or claim["steps"]
        assert all(h["words"] and h["witness"]["bites"] for h in claim["hypotheses"])
        assert all(step["latex"] and step["method"] for step in claim["steps"])


def test_the_markdown_index_links_to_files_that_exist(proofs: tuple[Proof, ...], tmp_path: Path) -> None:
    export(tmp_path, "markdown", proofs)
    links = re.findall(r"\]\(([^)]+)\)", (tmp_path / "index.md").read_text(encoding="utf-8"))
    assert len(links) == len(catalogue())
    assert all((tmp_path / link).is_file() for link in links)


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="latex, markdown, json"):
        export(tmp_path, "docx")


def test_a_file_in_the_place_of_the_folder_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(InvalidInput, match="out must be a folder"):
        export(tmp_path / "taken", "json")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InvalidInput, match="out must be a folder"):
            export(tmp_path, "json")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.thorough
@pytest.mark.skipif(not (shutil.which("pdflatex") and shutil.which("bibtex")), reason="pdflatex and bibtex are not installed")
def test_the_whole_paper_is_typeset_without_undefined_references_or_overfull_boxes(proofs: tuple[Proof, ...], tmp_path: Path) -> None:
    """`build` raises for an error, a reference without target, and a box more than 2 pt too wide; test_companion sees it do so."""
    export(tmp_path, "latex", proofs)
    assert build(tmp_path).stat().st_size > 100_000
