"""A ledger that was edited contradicts itself, and no page, paper or site is made of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from derivations.__main__ import main
from derivations.ledger.coherence import contradiction
from tests.test_derivations.invented import invent, invented, measured, measurement
from tests.test_report.runs import invented_pairs

__all__ = ["invent"]
Path_ = tuple[Any, ...]
JUDGED = {  # by the name of a leaf: what an editor might write instead
    "verdict": ("proved", "refuted", "undecided", "holds", "fails", "vacuous"), "proof": ("proved", "refuted", "undecided", "numeric-only"),
    "witness": ("bites", "missing", "fails"), "bites": (True, False), "passes": (True, False), "observed": (1e9, None, "nan", -1e9),
    "bound": (1e300, 0.0, None), "concludes": (False,), "conditions": (["x > 1"],),
}  # fmt: skip


@pytest.fixture
def run(invent: Callable[..., None], tmp_path: Path) -> Callable[[bool], dict[str, Any]]:
    def make(broken: bool) -> dict[str, Any]:
        hidden = invented("vacuous-one"), measured(measurement(applicable=False))
        loud = invented("measured-only", numeric_only=True, steps=lambda _: ()), measured()
        invent(*invented_pairs(broken=broken), *([hidden] if broken else []), loud)
        status = main(["verify", "--chapter", "invented", "--chapter", "other", "--out", str(tmp_path), "--quiet"])
        assert status == broken
        return dict(json.loads((tmp_path / "ledger.json").read_text()))

    return make


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every place in a document whose name is one of those that are judged."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inside in pairs:
        if name in JUDGED and not isinstance(inside, dict):
            yield (*path, name), inside
        else:
            yield from leaves(inside, (*path, name))


def edited(document: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(document)
    inside = document
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    return document


@pytest.mark.parametrize("broken", [False, True])
def test_a_ledger_as_it_was_written_agrees_with_itself(run: Callable[[bool], dict[str, Any]], broken: bool) -> None:
    assert contradiction(run(broken)) == ""


@pytest.mark.parametrize("broken", [False, True])
def test_no_verdict_or_figure_can_be_made_better_by_hand(run: Callable[[bool], dict[str, Any]], broken: bool) -> None:
    """Every judged leaf, each changed to everything else that it could be: noticed, or still the same verdicts and shortfalls."""
    document = run(broken)
    tried, unnoticed = 0, []
    for path, before in leaves(document):
        for value in JUDGED[path[-1]]:
            if value != before:
                tried += 1
                unnoticed += [(path, before, value)] * (not contradiction(edited(document, path, value)))
    assert tried > 200
    # What is left: a figure within its bound that is not the one shown, on what condition a counterexample is one, and other words
    # for what falls short anyway.
    for path, before, value in unnoticed:
        harmless = path[-1] in ("observed", "bound") or path[-2:] == ("symbolic", "conditions")
        assert harmless or document["claims"][path[1]]["falls_short"], (path, before, value)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d["claims"][0]["evidence"].update(settings=0), "evidence settings = 0, and its measurements say"),
        (lambda d: d["claims"].pop(), "summary: claims = 4, and the claims say 3"),
        (lambda d: d["claims"].append(d["claims"][0]), "it is there twice"),
        (lambda d: d["claims"][0].update(falls_short=["evidence fails"]), "it falls short, and its verdicts say otherwise"),
        (lambda d: d["summary"].update(passes=False), "passes = False, and the claims say True"),
        (lambda d: d["summary"]["proof"].update(proved=4), "summary: proof ="),
        (lambda d: d.update(real_input={"verdict": "holds", "outside": 3, "note": ""}), "real text: verdict = 'holds' with 3 rows outside"),
    ],
)
@pytest.mark.parametrize("command", ["report", "export", "docs"])
def test_an_edited_ledger_is_one_clear_error_and_nothing_is_written(
    run: Callable[[bool], dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: Any, said: str, command: str
) -> None:
    document = run(False)
    edit(document)
    (tmp_path / "ledger.json").write_text(json.dumps(document))
    capsys.readouterr()
    assert main([command, "--ledger", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "run normlaw verify again" in error
    assert error.count("\n") == 1
    assert [found for found in (tmp_path / "out").rglob("*") if found.is_file()] == []


def test_a_refuted_claim_cannot_be_called_proved(run: Callable[[bool], dict[str, Any]]) -> None:
    document = run(True)
    at = next(i for i, c in enumerate(document["claims"]) if c["proof"] == "refuted")
    assert "proof = 'proved' with a step that is not" in contradiction(edited(document, ("claims", at, "proof"), "proved"))
