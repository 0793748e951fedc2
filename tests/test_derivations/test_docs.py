"""The documentation: the tutorial runs, every law has a page, what the how-tos say is so, and the site has no broken link."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.command_line.arguments import parser
from derivations.command_line.input_checks import UsageError
from derivations.docs import cells, site
from derivations.docs.pages import chapter_pages, ledger_verdicts
from derivations.docs.sources import HOW_TO, TUTORIAL, WRITTEN, front_page, how_to, sources
from tests.law_checks import proof
from tests.test_formulas.katex import faults
from tests.test_formulas.sources import of_markdown
from theory.catalogue import catalogue
from theory.claims import Proof

FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
OWN = [name for name in HOW_TO if name != "add-a-law"]  # that page is CONTRIBUTING.md's, run by tests/test_documents.py
ROOT = Path(__file__).parents[2]


def unproved() -> list[Proof]:
    """A record of every claim, and none of its steps asked of the kernel."""
    return [Proof(claim, (), (), 0.0) for claim in catalogue()]


@pytest.fixture(scope="module")
def all_pages() -> dict[str, str]:
    """Of all laws, none of them proved, with one measurement."""
    measured = {"verdict": "fails", "measurements": [{"what": "norms", "verdict": "fails", "settings": 12}]}
    record = {"evidence": measured, "falls_short": ["evidence fails: norms"]}
    return sources(unproved(), {"gradient-is-orthogonal": record}, tutorial="# T\n")


def test_the_tutorial_runs_and_shows_what_came_out() -> None:
    text = cells.rendered(TUTORIAL)
    ratios = re.findall(r"observed over predicted: +([\d.]+) to ([\d.]+)", text)
    assert len(ratios) == 3
    assert all(0.9 < float(low) <= float(high) < 1.1 for low, high in ratios)
    assert text.count("**refuted**") == 1
    assert "**proved** by" in text
    assert "It fails at" in text
    assert text.count("**A1. ") == text.count("**C0. ") == 1
    if find_spec("mdit_py_plugins") is not None:  # of the extra docs
        assert len(formulas := of_markdown(text)) > 10
        assert faults(formulas) == []


def test_a_cell_that_fails_is_named(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("# %%\nx = 1\n\n# %%\nx / 0\n", encoding="utf-8")
    with pytest.raises(cells.CellError, match=r"script.py, cell 2 \(x / 0\): ZeroDivisionError"):
        cells.rendered(script)


def test_cells_are_shown_with_what_they_print_and_their_last_value(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("# %% [markdown]\n# # Title\n#\n# words\n\n# %%\nx = 2\nprint(x)\nx + 1\n\n# %%\nx = 3\n", encoding="utf-8")
    shown = "# Title\n\nwords\n\n```python\nx = 2\nprint(x)\nx + 1\n```\n\n```text\n2\n```\n\n```text\n3\n```\n\n```python\nx = 3\n```\n"
    assert cells.rendered(script) == shown


def test_every_law_has_a_page_and_is_linked_from_its_chapter_and_the_index(all_pages: dict[str, str]) -> None:
    for claim in catalogue():
        assert all_pages[f"claims/{claim.id}.md"].startswith(f"# {claim.label}. ")
        assert f"](../claims/{claim.id}.md)" in all_pages[f"chapters/{claim.chapter}.md"]
        assert f"]({claim.id}.md)" in all_pages["claims/index.md"]


def test_a_law_that_is_not_proved_is_not_called_proved_on_its_page(all_pages: dict[str, str]) -> None:
    assert "**undecided**" in all_pages["claims/gradient-is-orthogonal.md"]
    assert "**proved**" not in all_pages["chapters/geometry.md"]


def test_a_site_that_does_not_hold_says_so_first_and_shows_no_example_in_which_all_holds() -> None:
    false = "sgd-step-is-pythagorean"
    good = proof("gradient-is-orthogonal")
    proofs = [Proof(claim, (), (), 0.0) if claim.id == false else replace(good, claim=claim) for claim in catalogue()]
    pages = sources(proofs, {}, tutorial="# T\n\nWords.\n")
    for name, folder in (("index.md", "claims/"), ("tutorial.md", "claims/"), ("chapters/dynamics.md", "../claims/")):
        first = pages[name].split("\n\n")[1]
        assert first.startswith(":::{danger}"), name
        assert f"- [B2]({folder}{false}.md): **undecided**" in pages[name].split(":::")[1]
    assert ":::{danger}" not in pages["chapters/geometry.md"]
    assert "3/3 bite" not in pages["index.md"]
    assert "says of it" not in pages["index.md"]
    assert "3/3 bite" in front_page()
    assert "Begin with the [tutorial]" in pages["index.md"]
    short = {"gradient-is-orthogonal": {"evidence": {"verdict": "fails", "measurements": []}, "falls_short": ["off"]}}
    assert "falls short in the run" in chapter_pages(proofs, short)["chapters/geometry.md"].split("\n\n")[2]
    assert front_page() == sources([], {}, tutorial="# T\n")["index.md"]


def test_a_readme_without_its_example_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.docs.sources.ROOT", tmp_path)
    (tmp_path / "README.md").write_text("# normlaw\n\nWords.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no example of a verdict"):
        front_page("B2 does not stand")


def test_measurements_of_a_ledger_are_on_the_page(all_pages: dict[str, str]) -> None:
    page = all_pages["claims/gradient-is-orthogonal.md"]
    assert "Evidence **fails**" in page
    assert "| norms | fails | 12 |" in page
    assert "## Measured" not in all_pages["claims/sgd-step-is-pythagorean.md"]


def test_what_is_no_ledger_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ledger.json does not exist"):
        ledger_verdicts(tmp_path)
    (tmp_path / "ledger.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match=r"is no file of normlaw verify"):
        ledger_verdicts(tmp_path)


@pytest.mark.parametrize("name", OWN)
def test_what_a_how_to_shows_is_done(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python is executed, files are written, console commands succeed, and those that would take long are at least understood."""
    if name == "audit-embeddings":
        pytest.importorskip("sklearn", reason="audits need scikit-learn")
    if name == "run-a-sweep-on-a-cluster":
        pytest.importorskip("pyarrow", reason="sweeps need pyarrow")
    (tmp_path / "sweeps").symlink_to(ROOT / "sweeps")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "how_to"}
    done = 0
    for kind, block in FENCE.findall((WRITTEN / "how-to" / f"{name}.md").read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(block, f"<{name}.md>", "exec", dont_inherit=True), names)  # the project's own text
        elif kind == "toml":
            Path("claims.toml").write_text(block, encoding="utf-8")
        for command in re.findall(r"^\$ normlaw (.*)$", block, re.MULTILINE) if kind == "console" else ():
            assert main(shlex.split(command)) == 0, capsys.readouterr().err
        for command in re.findall(r"^normlaw (.*)$", block, re.MULTILINE) if kind == "sh" else ():
            parser().parse_args(shlex.split(command))
        done += 1
    assert done


@pytest.mark.parametrize("name", HOW_TO)
def test_a_how_to_has_all_that_it_includes(name: str) -> None:
    text = how_to(name)
    assert "include-section" not in text
    assert len(text) > 300


def test_a_section_that_is_gone_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.docs.sources.WRITTEN", tmp_path)
    (tmp_path / "how-to").mkdir()
    (tmp_path / "how-to" / "cite.md").write_text("{include-section} README.md No such thing\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README.md has no section 'No such thing'"):
        how_to("cite")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Of a few laws that need no others: the whole site takes a minute."""
    for module in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(module, reason="the site is built by the extra docs")
    names = ("cosine-gradient-is-projected-direction", "gradient-is-orthogonal", "sgd-step-is-pythagorean")
    return sources([proof(name) for name in names], {}, tutorial="# Tutorial\n\n$x^2$\n")


def test_the_site_is_built_and_needs_no_network(pages: dict[str, str], tmp_path: Path) -> None:
    page = site.build(pages, tmp_path / "site")
    text = (page.parent / "claims" / "sgd-step-is-pythagorean.html").read_text(encoding="utf-8")
    assert r"\lVert u_{k+1}\rVert^2 = " in text
    assert (page.parent / "_static" / "katex" / "katex.min.js").is_file()
    assert list((page.parent / "_static" / "katex" / "fonts").glob("*.woff2"))
    for built in page.parent.rglob("*.html"):
        fetched = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?://[^"]*)"', built.read_text(encoding="utf-8"))
        assert fetched == [], built.name


def test_a_link_that_leads_nowhere_is_an_error(pages: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(site.DocsError, match=r"tutorial.md.*nowhere"):
        site.build({**pages, "tutorial.md": "# Tutorial\n\n[there](nowhere.md)\n"}, tmp_path / "site")


def test_without_the_extra_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(site, "find_spec", lambda name: None if name == "furo" else name)
    assert main(["docs", "--out", str(tmp_path / "site")]) == 2
    said = "normlaw docs: error: the site needs furo: pip install -c constraints.txt -e '.[docs]' in the folder of the sources\n"
    assert capsys.readouterr().err == said
    assert not (tmp_path / "site").exists()


def test_without_the_sources_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(site, "find_spec", lambda name: name)
    monkeypatch.setattr(site, "TUTORIAL", tmp_path / "docs" / "tutorial.py")
    assert main(["docs", "--out", str(tmp_path / "site")]) == 2
    assert "built in a checkout of the sources" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "status"), [("gradient-is-orthogonal", 0), ("no-such-page", 1)])
def test_the_command_builds_the_site_or_says_what_is_wrong_with_it(
    name: str, status: int, pages: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of few laws: all of them take a minute. A link to a law that has no page is an error."""
    monkeypatch.setattr("derivations.commands.docs.catalogue", lambda: [catalogue()["gradient-is-orthogonal"]])
    text = f"# Tutorial\n\n[a law](claims/{name}.md)\n"
    monkeypatch.setattr("derivations.commands.docs.sources", lambda _proofs, _verdicts: {**pages, "tutorial.md": text})
    assert main(["docs", "--out", str(tmp_path / "site"), "--quiet"]) == status
    assert (tmp_path / "site" / "claims" / "gradient-is-orthogonal.html").is_file()
    assert ("normlaw docs: the site has faults" in capsys.readouterr().err) is bool(status)
