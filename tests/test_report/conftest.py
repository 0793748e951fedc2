"""Reports of invented runs, made once by the commands themselves, and a Chromium where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from derivations.__main__ import main
from tests.test_derivations.invented import invent
from tests.test_report.chromium import Page, chromium, program
from tests.test_report.runs import invented_pairs

__all__ = ["invent"]


@pytest.fixture
def made(invent: Callable[..., None], tmp_path: Path) -> Callable[[bool], Path]:
    """``made(broken)``: the page of a run of three invented claims, by normlaw verify and normlaw report."""

    def make(broken: bool) -> Path:
        invent(*invented_pairs(broken=broken))
        run, out = tmp_path / "run", tmp_path / "page"
        assert main(["verify", "--chapter", "invented", "--chapter", "other", "--out", str(run), "--quiet"]) == int(broken)
        assert main(["report", "--ledger", str(run), "--out", str(out), "--quiet"]) == 0
        return out / "report.html"

    return make


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A page of a real browser; whatever its console complained of fails the test."""
    if program() is None:
        pytest.skip("no Chromium here: install chromium to test the page in a browser")
    with chromium(tmp_path / "profile") as found:
        yield found
        assert found.errors == []
        assert [url for url in found.requests if not url.startswith(("file:", "data:", "about:"))] == []
