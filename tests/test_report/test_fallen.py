"""The page of a run in which laws fall: nothing of a law that does not stand reads as if it did."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from derivations.__main__ import main
from derivations.evidence import Measurement
from tests.test_derivations.invented import X, invent, invented, measured
from tests.test_report.runs import invented_pairs
from theory.claims import Formulas, Step

__all__ = ["invent"]
Run = Callable[..., tuple[str, Mapping[str, Any]]]


@pytest.fixture
def run(invent: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run(**changes)``: the first of three claims is changed so; the page, and what ``verify --json`` printed."""

    def make(evidence: Any = None, **changes: Any) -> tuple[str, Mapping[str, Any]]:
        (_, first), *others = invented_pairs(broken=False)
        claim = invented("it-holds", title="The first", **{k: v for k, v in changes.items() if k != "square"})
        invent((claim.replaced(square=changes["square"]) if "square" in changes else claim, evidence or first), *others)
        chapters = ["--chapter", "invented", "--chapter", "other"]
        assert main(["verify", *chapters, "--out", str(tmp_path / "run"), "--json", "--quiet"]) == 1
        said = json.loads(capsys.readouterr().out)
        assert main(["report", "--ledger", str(tmp_path / "run"), "--out", str(tmp_path / "page"), "--quiet"]) == 0
        return (tmp_path / "page" / "report.html").read_text(encoding="utf-8"), said

    return make


def part(page: str, id: str) -> str:
    """One claim of the page."""
    start = page.index(f'<details id="{id}"')
    return page[start : page.index("</article>", start)]


def section(claim: str, title: str) -> str:
    start = claim.index(f"<h4>{title}</h4>")
    return claim[start : claim.index("</section>", start)]


def test_a_refuted_law_is_stated_as_none_has_no_source_and_needs_no_hypothesis(run: Run) -> None:
    page, _ = run(square=X**2 + 2 * X + 2)
    fallen, right = part(page, "it-holds"), part(page, "elsewhere-too")
    assert "The kernel refutes this." in section(fallen, "Statement")
    assert "no source is known" in section(fallen, "Where it is from")
    assert "fails without it, and with it" in fallen
    assert "needed: fails without it" not in fallen
    assert "no hypothesis shown to be needed" in fallen
    for good in ("The kernel", "no source is known", "and with it", "no hypothesis shown"):
        assert good not in right
    assert '2<span class="of"> of 3</span></span><span>hypotheses needed' in page


def test_a_derivation_that_stumbles_has_no_statement(run: Run) -> None:
    def steps(_: Formulas) -> tuple[Step, ...]:
        raise ZeroDivisionError("division by zero")

    page, _ = run(steps=steps)
    stated = section(part(page, "it-holds"), "Statement")
    assert "The kernel did not prove this." in stated
    assert "No conclusion was put to the kernel" in stated
    assert "formula" not in stated
    assert "division by zero" in part(page, "it-holds")


def test_a_measurement_that_stumbles_is_said_where_measurements_are_and_in_what_is_copied(run: Run) -> None:
    """The kernel proves the law, and its export knows of no measurement; the page does."""

    def check(_formulas: Formulas, _drawn: object) -> tuple[Measurement, ...]:
        raise RuntimeError("boom")

    page, _ = run(evidence=replace(measured(), check=check))
    fallen = part(page, "it-holds")
    assert re.search(r'class="why"><b>Nothing was measured: </b>[^<]*boom', section(fallen, "Evidence"))
    copied = section(fallen, "LaTeX of the whole claim")
    assert "do not cite it" in copied
    assert "% DO NOT CITE: Z8 falls short in a run of normlaw verify: evidence fails" in copied
    assert "DO NOT CITE" not in part(page, "elsewhere-too")


def test_what_rests_on_a_fallen_law_says_so(run: Run) -> None:
    page, _ = run(square=X**2 + 2 * X + 2)
    assert "rests on Z8, which falls short" in part(page, "it-follows")
    assert "rests on" not in part(page, "elsewhere-too")


def test_json_says_first_what_falls_short(run: Run) -> None:
    _, said = run(square=X**2 + 2 * X + 2)
    assert list(said)[:2] == ["schema_version", "summary"]
    assert said["summary"]["passes"] is False
    assert [short["who"] for short in said["summary"]["falls_short"]][:1] == ["Z8 it-holds"]
