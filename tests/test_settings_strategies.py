"""The strategies of settings reach both ends of their ranges, hide no structure, and shrink to what can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from derivations.evidence.dynamics.decay_equilibrium import DECAYS
from derivations.evidence.settings import CANDIDATES, DIMENSIONS, NORMS, STEP_SIZES, TEMPERATURES, Batch
from tests import strategies
from tests.strategies import Placed, batches, candidate_sets, decaying, directions, embeddings, energy_schedules, growths, runs

SEARCH = settings(max_examples=2000, database=None, phases=(Phase.generate,), derandomize=True)
SHRINK = settings(max_examples=2000, database=None, derandomize=True)


def _some(strategy: st.SearchStrategy[Any], wanted: Callable[[Any], bool]) -> Any:
    """An example, as drawn; `find` raises if there is none."""
    return find(strategy, wanted, settings=SEARCH)


@pytest.mark.parametrize(
    ("name", "ends"),
    [("dimensions", DIMENSIONS), ("candidate_counts", CANDIDATES), ("temperatures", TEMPERATURES),
     ("step_sizes", STEP_SIZES), ("norms", NORMS)],
)  # fmt: skip
def test_a_range_is_reached_at_both_ends_and_never_left(name: str, ends: tuple[float, float]) -> None:
    strategy = getattr(strategies, name)
    assert [_some(strategy, lambda x, end=end: x == end) for end in ends] == list(ends)

    @given(strategy)
    def stays(x: float) -> None:
        assert ends[0] <= x <= ends[1]

    stays()


@given(batches())
def test_a_batch_is_what_it_says_of_itself(batch: Batch) -> None:
    x, pool = batch.embeddings(), batch.pool()
    assert x.shape == (batch.rows, batch.dimension)
    assert pool.shape == (batch.rows, batch.candidates, batch.dimension)
    assert np.allclose(np.linalg.norm(x, axis=1), batch.norms, rtol=1e-14, atol=0)
    assert np.all(np.linalg.norm(pool, axis=2) >= 0.999 * NORMS[0])
    assert len(batch.labels()) == batch.rows == len(batch.temperatures) == len(batch.step_sizes)


@given(st.data())
def test_directions_have_length_one_and_no_vector_is_zero(data: st.DataObject) -> None:
    d = data.draw(strategies.dimensions)
    assert np.isclose(np.linalg.norm(data.draw(directions(d))), 1, rtol=1e-14)
    lengths = [np.linalg.norm(data.draw(embeddings(d))), *np.linalg.norm(data.draw(candidate_sets(d, 3)), axis=1)]
    assert all(0.999 * NORMS[0] <= x <= 1.001 * NORMS[1] for x in lengths)


def _cosine(batch: Batch) -> float:
    x, y = batch.embeddings()[0], batch.pool()[0, 0]
    return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))


@pytest.mark.parametrize(("low", "high"), [(-1.1, -0.99), (-0.9, -0.1), (0.0, 0.0), (0.1, 0.9), (0.99, 1.1)])
def test_an_embedding_stands_at_any_angle_to_its_candidate(low: float, high: float) -> None:
    assert low <= _cosine(_some(batches(), lambda b: low <= _cosine(b) <= high)) <= high


def test_vectors_are_placed_and_drawn_in_low_and_in_high_dimension() -> None:
    for kind in (Placed, Batch):
        for wanted in (lambda b: b.dimension < 5, lambda b: b.dimension > 100, lambda b: b.candidates > 100, lambda b: b.rows > 1):
            assert _some(batches(), lambda b, kind=kind, wanted=wanted: type(b) is kind and wanted(b)) is not None


def test_rows_of_a_batch_differ_and_so_do_candidates() -> None:
    several = _some(batches(), lambda b: b.rows == 3 and b.candidates > 2)
    assert several.rows == 3
    assert _some(batches(), lambda b: len(set(b.norms)) == 3 and len(set(b.temperatures)) == 3) is not None
    assert _some(candidate_sets(3, 4), lambda pool: len({tuple(v) for v in pool}) == 4) is not None
    assert _some(candidate_sets(3, 4), lambda pool: len({tuple(v) for v in pool}) < 4) is not None


SCHEDULES = {
    "zero throughout": lambda e: not e.any(),
    "constant": lambda e: e[0] > 0 and len(set(e)) == 1,
    "falling": lambda e: bool(np.all(np.diff(e) < 0)),
    "mostly zero": lambda e: 0 < np.count_nonzero(e) < len(e) / 2,
    "dominated by few": lambda e: e.max() > 20 * np.median(e) > 0,
    "rising somewhere": lambda e: bool(np.any(np.diff(e) > 0)),
}


@pytest.mark.parametrize("wanted", SCHEDULES.values(), ids=SCHEDULES)
def test_energies_follow_schedules_of_every_kind(wanted: Callable[[Any], bool]) -> None:
    found = _some(energy_schedules(30), wanted)
    assert wanted(found)
    assert np.all(found >= 0)


@given(runs())
def test_runs_have_a_drive_for_every_step_of_every_row(run: Any) -> None:
    size, steps = run.relative_drives.shape
    assert size == len(run.norms) == len(run.step_sizes)
    assert 1 <= steps <= 400
    assert np.all(np.isfinite(run.relative_drives))
    assert np.all(run.relative_drives >= 0)


def test_runs_are_short_and_long_and_rows_may_follow_different_schedules() -> None:
    assert _some(runs(), lambda r: r.relative_drives.shape[1] == 1) is not None
    assert _some(runs(), lambda r: r.relative_drives.shape[1] > 300) is not None
    mixed = _some(runs(), lambda r: 0 < np.count_nonzero(r.relative_drives.any(axis=1)) < len(r.norms))
    assert not mixed.relative_drives.any(axis=1).all()


@given(growths(), decaying())
def test_growths_and_decays_stay_in_the_ranges_of_their_laws(growth: Any, decays: Any) -> None:
    assert np.all((growth.growth >= 0.1) & (growth.growth <= 100))
    assert np.all((growth.modulation >= 0.3) & (growth.modulation <= 0.9))
    assert np.all((decays.products >= DECAYS[0]) & (decays.products <= DECAYS[1]))


def test_decays_are_drawn_on_both_sides_of_oscillation() -> None:
    threshold = 1 - np.sqrt(0.5)  # of eta lambda
    assert _some(decaying(), lambda d: np.all(d.products < threshold)) is not None
    assert _some(decaying(), lambda d: np.all(d.products > threshold)) is not None


def test_a_failing_batch_shrinks_to_the_plainest_there_is() -> None:
    batch = find(batches(), lambda b: b.rows > 0, settings=SHRINK)
    assert (batch.dimension, batch.candidates, batch.rows, batch.seed) == (2, 1, 1, 0)
    assert [batch.temperatures[0], batch.step_sizes[0], batch.norms[0]] == [1.0, 1.0, 1.0]


def test_shrinking_keeps_what_made_the_failure_and_drops_the_rest() -> None:
    batch = find(batches(), lambda b: b.candidates >= 7 and b.norms[0] > 99, settings=SHRINK)
    assert (batch.dimension, batch.candidates, batch.rows, batch.seed) == (2, 7, 1, 0)
    assert batch.norms[0] == 100.0
    assert [batch.temperatures[0], batch.step_sizes[0]] == [1.0, 1.0]


def test_a_failing_run_shrinks_to_one_step_and_plain_numbers() -> None:
    run = find(runs(), lambda r: r.relative_drives.any(), settings=SHRINK)
    assert run.relative_drives.tolist() == [[1.0]]
    assert (run.dimension, run.seed, run.norms.tolist(), run.step_sizes.tolist()) == (2, 0, [1.0], [1.0])
