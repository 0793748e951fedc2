"""Points that somebody changed by hand contradict the ledger beside them, and no page is made of the two."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from derivations.__main__ import main
from derivations.ledger.read import read_ledger

LAW = "sgd-step-is-pythagorean"
Edit = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a law with comparisons and simulated witnesses."""
    out = tmp_path_factory.mktemp("run")
    assert main(["verify", LAW, "--out", str(out), "--quiet"]) == 0
    return out


def _times(name: str, factor: float) -> Edit:
    def edit(comparison: dict[str, Any]) -> None:
        comparison[name] = [factor * x for x in comparison[name]]

    return edit


EDITS: dict[str, tuple[Edit, str]] = {
    "deviations beyond their bounds": (_times("deviations", 1e20), "times the bound, and the ledger says"),
    "deviations slightly larger": (_times("deviations", 1.0001), "times the bound, and the ledger says"),
    "all deviations 0": (_times("deviations", 0.0), "the worst of its points is at 0 times the bound"),
    "narrow bounds": (_times("bounds", 1e-3), "times the bound, and the ledger says"),
    "points off the line": (_times("observed", 3.0), "do not differ by"),
    "another line": (_times("predicted", 0.5), "do not differ by"),
    "more settings": (lambda c: c.update(settings=c["settings"] + 1), "and the ledger"),
    "another comparison": (lambda c: c.update(what="all is well"), "settings of 'all is well'"),
    "no number": (lambda c: c["deviations"].__setitem__(0, "nan"), "is at nan times the bound"),
}


def _comparison(points: dict[str, Any], where: str) -> dict[str, Any]:
    of = points["claims"][LAW]
    if where == "law":
        return dict_of(of["measurements"][0])
    return dict_of(next(iter(of["witnesses"].values()))[where])


def dict_of(value: Any) -> dict[str, Any]:
    """The same object, which has to be one."""
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("where", ["law", "kept", "dropped"])
@pytest.mark.parametrize("how", EDITS)
def test_edited_points_are_one_clear_error(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str, where: str) -> None:
    points = json.loads((run / "points.json").read_text())
    edit, said = EDITS[how]
    edit(_comparison(points, where))
    (tmp_path / "points.json").write_text(json.dumps(points))
    (tmp_path / "ledger.json").write_bytes((run / "ledger.json").read_bytes())
    assert main(["report", "--ledger", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "contradicts ledger.json beside it" in error
    assert error.count("\n") == 1


def test_points_as_they_were_written_agree(run: Path) -> None:
    assert set(read_ledger(run)[1]) == {LAW}
