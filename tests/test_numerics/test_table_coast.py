"""Rows without a gradient, caught up at once: against a plain simulation that steps them by the rule, on a gradient of 0."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import NamedTuple

import numpy as np
import pytest

from numerics import updates
from numerics.kernels.table_closed import coasting
from numerics.kernels.table_coast import coasts
from numerics.kernels.table_loss import Rule
from numerics.kernels.table_stream import stream
from numerics.kernels.tables import COLUMNS, DONE, INVERSE_NORM, SQUARED_NORM, Table, room
from numerics.lookup.embeddings import LookupSettings
from numerics.lookup.replicate import _pair
from numerics.sampling import alias_table
from numerics.simulation.optimizers import Optimizer

ROWS, D, BEFORE, MISSED = 3, 5, 4, 150
RATE, DECAY = 0.01, 0.6
NAMES = [rule.name for rule in updates.RULES]
VARIANTS = {
    "decoupled": {}, "coupled": {"coupled": True}, "no decay": {"decay": 0.0}, "with epsilon": {"epsilon": 1e-2},
    "weak clipping": {"coupled": True, "threshold": 0.1}, "wide projection": {"coupled": True, "threshold": 9.0},
    "slow decay": {"decay": 1e-4}, "hardly any decay": {"decay": 1e-6}, "fast decay": {"decay": 15.0},
    "long memory": {"momentum": 0.95, "second_momentum": 0.93}, "no memory": {"momentum": 0.0},
}  # fmt: skip
CASES = [
    (name, variant)
    for name in NAMES
    for variant in VARIANTS
    if (variant != "with epsilon" or name in ("rmsprop", "adam", "adamp"))
    and (variant != "weak clipping" or name == "clipped_sgd")
    and (variant != "wide projection" or name in ("sgdp", "adamp"))
    and (variant not in ("long memory", "no memory") or updates.RULES[updates.code(name)].moments)
]


class Case(NamedTuple):
    """A rule with its decay, and tables that have been through some steps by it."""

    settings: LookupSettings
    rows: np.ndarray
    state: np.ndarray


def made(name: str, variant: str, precision: str = "float64", **changed) -> Case:
    options = {**VARIANTS[variant], **changed}
    decay = options.pop("decay", DECAY)
    optimizer = Optimizer(name, accumulator=0.5, **options)
    settings = LookupSettings(dimension=D, step_size=RATE, weight_decay=decay, optimizer=optimizer, precision=precision, replicates=1)
    rng = np.random.default_rng(NAMES.index(name))
    kind = np.dtype(precision)
    moments, width = settings.state_shape()
    rows = rng.standard_normal((ROWS, D)).astype(kind)
    state = np.zeros((ROWS, moments, width), np.float64 if width == 1 else kind)
    for age in range(BEFORE):
        for row in range(ROWS):
            literal_step(settings, rows[row], state[row], rng.standard_normal(D).astype(kind), age)
    return Case(settings, rows, state)


def literal_step(settings, row, state, gradient, age):
    """One step of the definition, in place: u <- (1 - share eta lambda) u - eta s. The length of eta s."""
    update = settings.chosen.update(1, 1.0)
    kind, step, before = row.dtype.type, np.zeros_like(row), np.sqrt(row @ row)
    seen = gradient + kind(settings.weight_decay) * row if update.coupled else gradient
    share = updates.direction(update.rule, row, seen, update.settings, age, state, step)
    keep = 1.0 if update.coupled else 1.0 - share * settings.step_size * settings.weight_decay
    row[:] = kind(keep) * row - kind(settings.step_size) * step
    if update.retracts:
        row *= before / np.sqrt(row @ row)
    return settings.step_size * float(np.linalg.norm(step))


def simulated(case: Case, missed: int):
    """All rows stepped ``missed`` times on a gradient of 0; their largest size, and the length of their ways."""
    rows, state = case.rows.copy(), case.state.copy()
    largest, way = np.linalg.norm(rows, axis=1), np.zeros(ROWS)
    for age in range(BEFORE, BEFORE + missed):
        for row in range(ROWS):
            way[row] += literal_step(case.settings, rows[row], state[row], np.zeros(D, rows.dtype), age)
        largest = np.maximum(largest, np.linalg.norm(rows, axis=1))
    return rows, state, largest + way


def caught_up(case: Case, missed: int, done: int = BEFORE) -> Table:
    """The rows, after ``done`` steps, brought through the missed ones by the kernel."""
    rows, state = case.rows.copy(), case.state.copy()
    record = np.zeros((ROWS, COLUMNS))
    record[:, SQUARED_NORM] = np.sum(rows.astype(float) ** 2, axis=1)
    record[:, INVERSE_NORM] = record[:, SQUARED_NORM] ** -0.5
    record[:, DONE] = done
    table = Table(rows, state, record)
    rule: Rule = case.settings.kernel_rule()
    steps, nothing = np.full(2, done + missed), np.empty(0, np.int32)
    loss, noise = np.zeros(1), alias_table(np.ones(ROWS))
    stream(nothing, 0, ROWS, table, table, rule, noise, np.uint64(0), _pair(case.settings), room(rows), steps, loss)
    return table


def bound(case: Case, reach, missed: int):
    """Every step of the simulation rounds d + 30 times at most, in a row or in its moments; of which those of a moment move
    the row by eta / (1 - beta) times as much in all. The powers and sums of the closed form round no oftener than that."""
    memory = 1.0 - case.settings.chosen.momentum
    return 2 * (D + 30) * missed * case.settings.unit_roundoff() * reach / memory


SINGLE = [case for case in CASES if not updates.RULES[updates.code(case[0])].remembers]  # those are compiled once more


@pytest.mark.parametrize(
    ("name", "variant", "precision"), [(*case, "float64") for case in CASES] + [(*case, "float32") for case in SINGLE]
)
def test_rows_caught_up_are_where_they_would_be_had_they_been_stepped(name: str, variant: str, precision: str) -> None:
    case = made(name, variant, precision)
    expected, state, reach = simulated(case, MISSED)
    found = caught_up(case, MISSED)
    off = np.linalg.norm(found.rows.astype(float) - expected, axis=1)
    assert np.all(off <= bound(case, reach, MISSED)), (off / bound(case, reach, MISSED)).max()
    # moments are multiplied by a power, whose rounding is relative
    assert np.allclose(found.state, state, rtol=4 * MISSED * case.settings.unit_roundoff(), atol=0) or case.settings.update().coupled
    squares = np.sum(found.rows.astype(float) ** 2, axis=1)
    assert np.allclose(found.record[:, SQUARED_NORM], squares, rtol=2 * D * case.settings.unit_roundoff(), atol=0)
    moved = coasts(name, case.settings.weight_decay, False)
    assert np.array_equal(found.rows, case.rows) <= (not moved or name == "rmsprop")


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_a_power_that_is_off_by_one_step_is_seen(name: str, variant: str) -> None:
    case = made(name, variant)
    if not coasts(name, case.settings.weight_decay, False) or (name == "rmsprop" and case.settings.weight_decay == 0):
        pytest.skip("the rows stand still")
    missed = 7  # few, so that momentum is not yet over
    expected, _, reach = simulated(case, missed)
    for wrong in (missed - 1, missed + 1):
        off = np.linalg.norm(caught_up(case, wrong).rows - expected, axis=1)
        assert np.all(off > 100 * bound(case, reach, missed))


@pytest.mark.parametrize("name", NAMES)
def test_many_steps_at_once_are_many_steps_in_parts(name: str) -> None:
    case = made(name, "decoupled", decay=1e-4)
    first, second = 1_234_567, 765_433
    at_once, half = caught_up(case, first + second), caught_up(case, first)
    again = caught_up(Case(case.settings, half.rows, half.state), second, BEFORE + first)
    # all has come to rest, or shrinks by a power, whose rounding is that of its exponent; Lion walks on by its signs
    assert np.allclose(again.rows, at_once.rows, rtol=4 * (first + second) * 2.0**-53, atol=0)


def test_in_single_precision_the_memory_of_a_scalar_rule_is_double() -> None:
    assert made("wngrad", "decoupled", "float32").state.dtype == np.float64
    assert made("adam", "decoupled", "float32").state.dtype == np.float32


@pytest.mark.parametrize("keep", [1.0, 0.999, 0.85, 0.1])
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.9), (0.8, 0.9999)], ids=str)
@pytest.mark.parametrize("done", [0, 3, 300, 2000, 20_000])
def test_the_sum_of_adams_missed_steps_is_that_of_its_terms(done: int, betas: tuple[float, float], keep: float) -> None:
    with localcontext() as context:
        context.prec = 50
        for missed in (1, 16, 17, 200, 700):
            terms = []
            for i in range(1, missed + 1):
                mean, square = (Decimal(b) ** (done + i) for b in betas)
                c = (1 - square).sqrt() / (1 - mean)
                terms.append(Decimal(keep) ** (missed - i) * (Decimal(betas[0]) / Decimal(betas[1]).sqrt()) ** i * c)
            expected = float(sum(terms))
            # Powers round as often as their exponents say; the difference of two sums to infinity is 1 / (1 - ratio) of its size.
            # k roundings of beta^k become k beta^k / (1 - beta^k) < 1 / (1 - beta) of 1 - beta^k.
            ratio = betas[0] / betas[1] ** 0.5 / keep
            bound = 2.0**-53 * ((4 * missed + 40) / abs(1 - ratio) + sum(4 / (1 - beta) for beta in betas))
            assert abs(coasting(*betas, keep, done, missed) / expected - 1) <= bound
