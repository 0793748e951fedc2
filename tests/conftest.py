"""Profiles of the test suite, chosen by NORMLAW_PROFILE: dev (default), ci or thorough."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Tests are shared out to processes, one a core: threads of linear algebra would wait for each other's, and burn what they wait.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

# The first compilation of a simulator takes seconds, so no example has a deadline.
_SLOW = (HealthCheck.too_slow,)
settings.register_profile("dev", max_examples=10, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("ci", max_examples=25, deadline=None, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("thorough", max_examples=1000, deadline=None, suppress_health_check=_SLOW)
PROFILES = ("dev", "ci", "thorough")
PROFILE = os.environ.get("NORMLAW_PROFILE") or "dev"


def pytest_configure() -> None:
    """Load the profile; an unknown one is a usage error that names the known ones."""
    if PROFILE not in PROFILES:
        raise pytest.UsageError(f"NORMLAW_PROFILE must be one of {', '.join(PROFILES)}; got {PROFILE!r}")
    settings.load_profile(PROFILE)


def pytest_report_header() -> str:
    """Name the profile."""
    return f"normlaw profile: {PROFILE}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of one law together; skip what is marked thorough, with the reason, unless the profile is."""
    _put_together(items)
    if PROFILE == "thorough":
        return
    skip = pytest.mark.skip(reason="thorough: set NORMLAW_PROFILE=thorough to run it")
    for item in items:
        if item.get_closest_marker("thorough"):
            item.add_marker(skip)


@pytest.fixture
def rate(record_property: Callable[[str, object], None]) -> Callable[[int, int], None]:
    """Keeps a measured rate, of found among drawn: the summary tells all of them, and a file of --junitxml does."""
    from numerics.resampling.proportions import binomial_interval

    def tell(found: int, drawn: int) -> None:
        low, high = binomial_interval(found, drawn, 0.95)
        record_property("rate", f"{found} of {drawn}: {found / drawn:.2%} (95 %: {low:.2%} to {high:.2%})")

    return tell


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The rates that were measured, in the profile thorough, where they mean something."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    told = [(report.nodeid, text) for report in reports for name, text in getattr(report, "user_properties", ()) if name == "rate"]
    if told and PROFILE == "thorough":
        terminalreporter.section("measured rates")
        for name, text in told:
            terminalreporter.line(f"{name}: {text}")


def _put_together(items: list[pytest.Item]) -> None:
    """Tests of one law, of whatever file, where its own file stands, in their order.

    Each process takes a run of tests, so what `tests.law_checks` does once in a process is done once.
    """
    laws = [law_of(item) for item in items]
    places: dict[str, int] = {}
    for own in (True, False):  # without the law's own file, where the first of them stands
        for i, item in enumerate(items):
            if laws[i] and own == (item.path.parent.name == "test_laws"):
                places.setdefault(laws[i], i)
    order = sorted(range(len(items)), key=lambda i: places.get(laws[i], i))
    items[:] = [items[i] for i in order]


def law_of(item: pytest.Item) -> str:
    """The law's name, where the test is of one law; else nothing that a law is called."""
    from theory.claims import Claim  # the process that hands out the tests collects none

    if item.path.parent.name == "test_laws":
        return item.path.stem.removeprefix("test_")
    about = getattr(item, "callspec", None)
    for value in (about.params if about else {}).values():
        if isinstance(value, Claim):
            return value.id.replace("-", "_")
        if isinstance(value, str) and value.startswith("theory.laws."):
            return value.rpartition(".")[2]
    return ""
