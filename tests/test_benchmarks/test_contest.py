"""Contests: who is wrong is caught and not timed, who is missing is skipped, rounds are interleaved."""

from __future__ import annotations

import pytest

from benchmarks.contest import Case, Contender, Difference, Missing, Prepared, Standing, fastest, hold

CALLS: list[str] = []


def contender(name, result, fails=None) -> Contender:
    def prepare() -> Prepared:
        if fails is not None:
            raise fails
        return Prepared(lambda: (CALLS.append(name), result)[1], "in the usual way")

    return Contender(name, prepare)


def case(*others: Contender, check=lambda a, b: Difference(abs(a - b), "numbers")) -> Case:
    return Case("made up", "a case", contender("ours", 1.0), others, 10.0, "steps", check, targets={"twin": 0.0})


def standings(outcome) -> dict[str, Standing]:
    return {s.contender: s for s in outcome.standings}


@pytest.fixture(autouse=True)
def _no_calls():
    CALLS.clear()


def test_rounds_are_interleaved_and_each_ratio_is_one_within_its_round():
    found = hold(case(contender("twin", 1.5), contender("other", 0.5)), 3)
    assert CALLS == ["ours", "twin", "other"] * 4  # once to compare, then three rounds
    for standing in found.standings:
        assert (standing.status, len(standing.seconds)) == ("ok", 3)
    ours, twin = found.standings[:2]
    assert ours.ratios == (1.0, 1.0, 1.0)
    assert twin.ratios == tuple(a / b for a, b in zip(twin.seconds, ours.seconds, strict=True))
    assert min(twin.ratios) <= twin.ratio <= max(twin.ratios)


@pytest.mark.parametrize("result", [2.5, -3.0, float("nan"), float("inf")])
def test_a_contender_with_another_result_is_wrong_and_its_time_does_not_count(result):
    found = hold(case(contender("broken", result), contender("twin", 1.0)), 2)
    broken = standings(found)["broken"]
    assert (broken.status, broken.seconds, broken.ratios) == ("wrong", (), ())
    assert "numbers differ" in broken.reason
    assert found.faults == (broken,)
    assert CALLS.count("broken") == 1
    assert standings(found)["twin"].status == "ok"


def test_a_peer_that_is_not_installed_is_a_row_with_a_reason_and_no_fault():
    found = hold(case(contender("absent", None, Missing("pip install it"))), 1)
    assert standings(found)["absent"].status == "missing"
    assert standings(found)["absent"].reason == "pip install it"
    assert found.faults == ()


def test_a_peer_that_breaks_is_a_fault_and_the_others_go_on():
    found = hold(case(contender("breaks", None, RuntimeError("no such symbol")), contender("twin", 1.0)), 1)
    assert standings(found)["breaks"].status == "failed"
    assert "RuntimeError: no such symbol" in standings(found)["breaks"].reason
    assert [s.contender for s in found.faults] == ["breaks"]
    assert standings(found)["twin"].ratios


def test_where_no_result_can_be_compared_everybody_is_timed():
    assert standings(hold(case(contender("twin", 99.0), check=None), 1))["twin"].status == "ok"


def test_of_several_ways_one_is_taken_after_all_have_run():
    name, run = fastest({name: lambda name=name: lambda: CALLS.append(name) for name in ("a", "b")})
    assert CALLS == ["a"] * 3 + ["b"] * 3
    CALLS.clear()
    run()
    assert [*CALLS] == [name]
