"""A figure of a law that is wrong says so: in the picture, in its file, on standard error and by the exit status."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.figures import render, verdict
from derivations.figures.names import FIGURES, LAWS
from derivations.figures.story import quartic_growth
from derivations.latex.companion import figures as companion
from derivations.ledger import inputs
from theory.catalogue import catalogue
from theory.laws.dynamics.norm_grows_as_fourth_root import FORMULAS
from theory.notation import z0


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    yield
    verdict.fallen.cache_clear()
    verdict.made_of.cache_clear()


def halved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quartic law without its factor 2."""
    grown = FORMULAS["fourth_power"]
    monkeypatch.setattr(quartic_growth, "GROWTH", {**FORMULAS, "fourth_power": z0 + (grown - z0) / 2})


def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that proves nothing."""
    verdict.fallen.cache_clear()
    monkeypatch.setattr(verdict, "is_proved", lambda claim: claim.label != "B5")


def drawn(name: str) -> set[str]:
    """Labels of the laws whose formulas a module takes."""
    path = inputs.path(verdict.module(name))
    assert path is not None
    found = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.ImportFrom)]
    ids = {node.module.rsplit(".", 1)[-1] for node in found if node.module and any(alias.name == "FORMULAS" for alias in node.names)}
    return {claim.label for claim in catalogue() if claim.id.replace("-", "_") in ids}


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_names_the_laws_that_it_draws_and_all_of_them_are_proved(name: str) -> None:
    assert drawn(name)
    assert drawn(name) <= set(LAWS[name])
    assert verdict.fallen(name) == ()


def test_a_law_behind_those_that_are_drawn_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict.fallen.cache_clear()
    monkeypatch.setattr(verdict, "is_proved", lambda claim: claim.label != "B2")
    assert verdict.fallen("quartic-growth") == ("B2",)


def test_points_beyond_their_bounds_are_told_and_none_is_out_of_sight(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    halved(monkeypatch)
    assert main(["figures", "quartic-growth", "--out", str(tmp_path)]) == 1
    found = quartic_growth.data(0, "quick")
    beyond, points = verdict.outside(found)
    assert 0 < beyond <= points
    said = f"{beyond} of {points} points are beyond what is allowed"
    assert f"normlaw figures: quartic-growth does not hold: {said}" in capsys.readouterr().err
    assert ">does not hold: a norm grows" in (tmp_path / "quartic-growth.svg").read_text()
    figure = render.picture("quartic-growth", found)
    assert figure.get_suptitle() == f"This does not hold: {said}"
    assert [axes.get_title() for axes in figure.axes] == ["", ""]
    for axes, curves in zip(figure.axes, (found.norms, found.excess), strict=True):
        low, high = axes.get_ylim()
        assert all(low <= y <= high for curve in curves for y in curve.observed if y > 0)


def test_a_law_that_is_not_proved_is_told_though_its_points_fit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(monkeypatch)
    assert main(["figures", "quartic-growth", "--out", str(tmp_path), "--quiet"]) == 1
    assert capsys.readouterr().err == "normlaw figures: quartic-growth does not hold: B5 is not proved\n"


def test_the_paper_draws_a_figure_anew_that_is_not_of_these_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    drawn: list[str] = []
    written = render.written
    monkeypatch.setattr(render, "written", lambda name, *rest, **how: drawn.append(name) or written(name, *rest, **how))
    monkeypatch.setattr(companion, "FIGURES", {"quartic-growth": FIGURES["quartic-growth"]})
    companion.draw(tmp_path, 0)
    companion.draw(tmp_path, 0)
    assert drawn == ["quartic-growth"]
    path = tmp_path / "figures" / "quartic-growth.pdf"
    path.write_bytes(path.read_bytes().replace(verdict.made_of("quartic-growth").encode(), b"0" * 64))
    companion.draw(tmp_path, 0)
    assert drawn == ["quartic-growth"] * 2
