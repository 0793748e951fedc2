"""The same seed gives the same bits: on every call and for every number of threads."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from derivations.evidence import Measurement, evidence_for, measure
from derivations.evidence.settings import Batch
from numerics.simulation import flow
from numerics.simulation import steps as simulate
from numerics.simulation.integrators import DOPRI5, MIDPOINT
from tests import law_checks
from tests.law_checks import SEED
from tests.strategies import Runs, batches, runs
from theory.catalogue import catalogue
from theory.claims import Claim

CLAIMS = tuple(catalogue())
LOSSES = ("cosine_regression", "infonce", "dot_product_infonce")
every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=[c.id for c in CLAIMS])
several_settings = settings(max_examples=10)


def _bits(record: Any) -> dict[str, tuple[tuple[int, ...], bytes] | object]:
    """Every field of a record, arrays as their bytes: NaN equals itself, -0 does not equal 0."""
    values = {f.name: getattr(record, f.name) for f in fields(record)}
    return {k: (v.shape, np.ascontiguousarray(v).tobytes()) if isinstance(v, np.ndarray) else v for k, v in values.items()}


@every_claim
def test_a_seed_settles_every_bit_of_a_measurement(claim: Claim) -> None:
    """The first one may be that of another test of the law, made earlier in this process."""
    first, second = law_checks.measured(claim.id), measure(claim, SEED)
    assert [_bits(m) for m in first] == [_bits(m) for m in second]


def test_another_seed_gives_other_settings() -> None:
    for claim in (catalogue()["B2"], catalogue()["B5"]):
        one, other = (measure(claim, seed)[0] for seed in (SEED, SEED + 1))
        assert isinstance(one, Measurement)
        assert one.labels != other.labels


@every_claim
def test_a_seed_settles_every_bit_of_a_witness(claim: Claim) -> None:
    for hypothesis, drop in evidence_for(claim).witnesses.items():
        first, second = law_checks.witness(claim.id, hypothesis, SEED), drop(claim.formulas, SEED)
        assert (_bits(first.kept), _bits(first.dropped)) == (_bits(second.kept), _bits(second.dropped))


def _shape(batch: Batch) -> tuple[Any, Any, Any]:
    return batch.embeddings(), batch.pool(), batch.temperatures


def _many(seed: int) -> Batch:
    """More rows than threads, of uneven cost per row."""
    rng = np.random.default_rng(seed)
    return Batch(33, 7, rng.uniform(0.05, 2, 37), rng.uniform(0.01, 0.3, 37), rng.uniform(0.5, 2, 37), seed)


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_and_descent_do_not_depend_on_threads(loss: str) -> None:
    many = _many(1)
    one, two = (simulate.evaluate(loss, *_shape(many), threads=n) for n in (1, 2))
    assert _bits(one) == _bits(two)
    one, two = (
        simulate.descend(loss, *_shape(many), many.step_sizes, 0.1, steps=20, batch=3, lag=1, seed=5, threads=n) for n in (1, 2)
    )
    assert _bits(one) == _bits(two)


@pytest.mark.parametrize("integrator", [MIDPOINT, DOPRI5], ids=["midpoint", "dopri5"])
@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_flows_do_not_depend_on_threads(loss: str, integrator: Any) -> None:
    one, two = (
        flow.gradient_flow(loss, *_shape(_many(2)), duration=0.01, steps=16, integrator=integrator, threads=n) for n in (1, 2)
    )
    assert _bits(one) == _bits(two)


def test_the_modified_equation_does_not_depend_on_threads() -> None:
    many = _many(3)
    one, two = (
        flow.modified_equation(many.norms, many.step_sizes, 0.2, many.temperatures, duration=1.0, steps=64, threads=n) for n in (1, 2)
    )
    assert _bits(one) == _bits(two)


def test_prescribed_gradients_do_not_depend_on_threads() -> None:
    many, energies = _many(4), np.random.default_rng(4).exponential(size=(37, 50))
    one, two = (
        simulate.drive(many.norms, energies, many.step_sizes, 0.1, dimension=17, alignment=0.2, seed=9, threads=n) for n in (1, 2)
    )
    assert _bits(one) == _bits(two)


@several_settings
@given(batches())
def test_descent_in_any_setting_does_not_depend_on_threads(batch: Batch) -> None:
    small = 1e-3 * batch.norms**2 * batch.temperatures / (1 + batch.temperatures)
    one, two = (simulate.descend("infonce", *_shape(batch), small, steps=5, seed=batch.seed, threads=n) for n in (1, 2))
    assert _bits(one) == _bits(two)


@several_settings
@given(runs())
def test_prescribed_gradients_in_any_setting_do_not_depend_on_threads(run: Runs) -> None:
    energies = run.relative_drives * (run.norms**4 / run.step_sizes**2)[:, None]
    one, two = (
        simulate.drive(run.norms, energies, run.step_sizes, dimension=run.dimension, seed=run.seed, threads=n) for n in (1, 2)
    )
    assert _bits(one) == _bits(two)


@pytest.mark.parametrize("row", [0, 5, 36])
def test_a_row_by_itself_is_the_row_of_the_whole_run(row: int) -> None:
    many = _many(6)
    only = slice(row, row + 1)
    u, pool, tau = _shape(many)
    whole = simulate.descend("infonce", u, pool, tau, many.step_sizes, steps=12, batch=3, seed=8)
    alone = simulate.descend("infonce", u[only], pool[only], tau[only], many.step_sizes[only], steps=12, batch=3, seed=8, first_row=row)
    assert alone.squared_norms.tobytes() == whole.squared_norms[only].tobytes()
    assert alone.rotations.tobytes() == whole.rotations[only].tobytes()
