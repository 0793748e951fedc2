"""Each figure's own claim: what is simulated lies within what the ledger allows, a broken variant does not; and its files."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.figures import render
from derivations.figures.layout import Layout
from derivations.figures.names import FIGURES, FORMATS
from derivations.figures.style import STYLES

ROOT = Path(__file__).parents[2]
LARGEST = 300_000  # bytes of a figure in docs
START = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG", "pgf": rb"\providecommand{\mathdefault}"}


@lru_cache(maxsize=8)
def data(name: str) -> Any:
    return render.story(name).data(0, "quick")


def test_every_module_of_the_story_has_a_name_and_every_name_a_module() -> None:
    files = {p.stem.replace("_", "-") for p in (ROOT / "derivations" / "figures" / "story").glob("*.py")} - {"--init--"}
    assert files == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_seen_is_within_its_bounds_and_leaves_the_broken_variant(name: str) -> None:
    compared = data(name).compared
    assert compared
    for curve in compared:
        assert len(curve.x) >= 3
        assert np.all(curve.inside), (curve.name, curve.observed, curve.low, curve.high)
        assert np.mean(curve.broken_inside) < 0.75, curve.name  # somewhere they may cross, or bounds be wide


@pytest.mark.parametrize("name", FIGURES)
def test_a_bound_is_about_the_prediction_and_says_something(name: str) -> None:
    for curve in data(name).compared:
        assert np.all(curve.low <= curve.high), curve.name
        assert np.all((curve.low <= curve.predicted) & (curve.predicted <= curve.high)), curve.name
        assert not np.any(np.isnan(curve.low) | np.isinf(curve.high)), curve.name


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("theme", STYLES)
def test_the_same_data_give_the_same_bytes_with_titles_and_axes(name: str, theme: str) -> None:
    one, two = (render.encoded(render.picture(name, data(name), STYLES[theme]), "svg", STYLES[theme]) for _ in range(2))
    assert one == two
    figure = render.picture(name, data(name), STYLES[theme])
    for axes in figure.axes[: len(render.story(name).TITLES)]:
        assert axes.get_title(loc="left")
        assert axes.get_ylabel()
        assert axes.get_xlabel() or render.story(name).LAYOUT.shared


@pytest.mark.parametrize("name", ["heavy-tails", "specificity"])
def test_the_same_seed_gives_the_same_picture_and_another_one_another(name: str) -> None:
    again, other = (render.story(name).data(seed, "quick") for seed in (0, 1))
    first, second, third = (render.encoded(render.picture(name, d), "svg") for d in (data(name), again, other))
    assert first == second != third


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_of_its_format_without_a_date_and_the_same_each_time(form: str, tmp_path: Path) -> None:
    if form == "pgf" and render.engine() is None:
        pytest.skip("no TeX engine, which measures the words of a PGF")
    paths = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        paths.append(render.written("heavy-tails", data("heavy-tails"), folder, form))
    first, second = (p.read_bytes() for p in paths)
    assert first.startswith(START[form])
    assert first == second
    assert b"CreationDate" not in first
    assert b"<dc:date>" not in first


def _has_pgf() -> bool:
    """Debian's texlive-pictures has the package, and the companion does without."""
    found = shutil.which("pdflatex") and shutil.which("kpsewhich")
    return bool(found) and subprocess.run(["kpsewhich", "pgf.sty"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _has_pgf(), reason="no pdflatex with the package pgf")
def test_a_pgf_compiles_in_a_document_that_knows_nothing_of_it(tmp_path: Path) -> None:
    render.written("heavy-tails", data("heavy-tails"), tmp_path, "pgf")
    page = r"\documentclass{article}\usepackage{pgf}\begin{document}\input{heavy-tails.pgf}\end{document}"
    (tmp_path / "page.tex").write_text(page, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout[-2000:]
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_point_that_is_moved_or_missing_is_outside() -> None:
    from dataclasses import replace

    curve = data("heavy-tails").exponents
    moved = curve.observed.copy()
    moved[0], moved[1] = curve.high[0] * 1.01, np.nan
    assert list(replace(curve, observed=moved).inside) == [False, False, True]


@pytest.mark.parametrize("name", FIGURES)
def test_docs_have_every_figure_small_and_with_a_title(name: str) -> None:
    """Made by: normlaw figures --effort full --out docs/figures."""
    path = ROOT / "docs" / "figures" / f"{name}.svg"
    assert path.stat().st_size < LARGEST
    root = ElementTree.parse(path).getroot()
    assert [e.text for e in root.findall("{http://www.w3.org/2000/svg}title")] == [FIGURES[name]]


def test_panels_are_as_many_as_a_layout_says() -> None:
    assert len(Layout(widths=(1.0, 2.0), heights=(1.0, 1.0, 1.0)).panels()[1]) == 6
