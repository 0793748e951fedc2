"""A law that is a little wrong goes through the comparison of the sweep that the law passes, and fails."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.sweep.axes import axes
from derivations.sweep.cell_work import perform
from derivations.sweep.cells import Cell
from derivations.sweep.design import canonical, laid_out
from derivations.sweep.laws import laws, ledger
from derivations.sweep.laws.definition import worst
from derivations.sweep.spec import read_spec
from tests.test_sweep.sweeps import ROOT

PRESCRIBED = {"loss": "prescribed"}
MEAN = {**PRESCRIBED, "replicates": 16, "dimension": 8, "step_size": 0.3}
LINEAR = {**MEAN, "law": "equilibrium", "eta_lambda": 0.1, "momentum": 0.5}
LONG = {**MEAN, "law": "momentum_growth", "steps": 200, "replicates": 128, "momentum": 0.5}
CLIPPED = {**PRESCRIBED, "law": "step", "optimizer": "clipped_sgd"}
NEARLY = 1 + sp.Rational(1, 10**9)
SETTINGS = [  # a setting, the claim and formula that decide it, and the factor by which that is wrong
    ({"law": "balance", "optimizer": "adam", "decay": "decoupled"}, "C0", "mean_next_squared_norm", NEARLY),
    ({"law": "balance", "optimizer": "lion", "precision": "bfloat16"}, "C0", "mean_next_squared_norm", sp.Rational(11, 10)),
    ({"law": "balance", "optimizer": "wngrad", "arithmetic": "float32"}, "C0", "mean_next_squared_norm", 1 + sp.Rational(1, 1000)),
    ({"law": "step", "decay": "decoupled"}, "B6", "next_squared_norm", NEARLY),
    ({"law": "step", "decay": "coupled"}, "B6", "decay_factor", NEARLY),
    ({"law": "step", "optimizer": "normalized_sgd"}, "B10a", "next_squared_norm", NEARLY),
    ({"law": "step", "optimizer": "normalized_sgd", "decay": "decoupled", "visits": 0.5}, "B10a", "decay_factor", NEARLY),
    ({**CLIPPED, "threshold": 0.01}, "B10b", "hot_growth", sp.Rational(1001, 1000)),
    ({**CLIPPED, "threshold": 100.0}, "B10b", "cold_growth", NEARLY),
    ({"law": "step", "optimizer": "adagrad_norm"}, "B10c", "adagrad_growth", sp.Rational(1001, 1000)),
    ({"law": "step", "optimizer": "wngrad", "lazy": True, "visits": 0.5}, "B10c", "wngrad_growth", sp.Rational(1001, 1000)),
    ({"law": "step", "optimizer": "riemannian_sgd"}, "B10d", "next_squared_norm", NEARLY),
    ({"law": "step", "optimizer": "sgdp", "decay": "decoupled"}, "B10e", "kept_sgdp", NEARLY),
    ({"law": "step", "optimizer": "adamp", "decay": "decoupled"}, "B10e", "next_squared_norm", NEARLY),
    ({"law": "step", "optimizer": "heavy_ball"}, "B8a", "term", sp.Rational(1001, 1000)),
    ({"law": "step", "optimizer": "heavy_ball", "decay": "decoupled"}, "B8c", "next_squared_norm", sp.Rational(1001, 1000)),
    ({"law": "step", "optimizer": "nesterov"}, "B8e", "term", sp.Rational(1001, 1000)),
    ({"law": "sandwich"}, "B4", "lower", sp.Rational(11, 10)),
    ({"law": "sandwich"}, "B4", "upper_excess", sp.S.Zero),
    ({"law": "logarithm", "optimizer": "adagrad_norm", "step_size": 0.01}, "B10c", "adagrad_bound", sp.Rational(1, 4)),
    ({"law": "logarithm", "optimizer": "wngrad", "step_size": 0.01}, "B10c", "wngrad_bound", sp.Rational(1, 4)),
    ({**LONG, "optimizer": "heavy_ball"}, "B8b", "white", sp.Rational(3, 2)),
    ({**LONG, "optimizer": "nesterov"}, "B8e", "step", sp.Rational(3, 2)),
    ({**LINEAR, "decay": "coupled"}, "B6", "equilibrium", sp.Rational(101, 100)),
    ({**LINEAR, "optimizer": "heavy_ball", "decay": "decoupled"}, "B8d", "decoupled_fourth", sp.Rational(3, 2)),
    ({**LINEAR, "optimizer": "nesterov", "decay": "coupled"}, "B8e", "coupled_fourth", sp.Rational(3, 2)),
    ({**LINEAR, "optimizer": "normalized_sgd", "decay": "decoupled"}, "B10a", "equilibrium", sp.Rational(101, 100)),
    ({**LINEAR, "optimizer": "clipped_sgd", "decay": "decoupled", "threshold": 0.1}, "B10b", "hot_equilibrium", sp.Rational(101, 100)),
    ({**LINEAR, "optimizer": "clipped_sgd", "decay": "decoupled", "threshold": 99.0}, "B10b", "cold_equilibrium", sp.Rational(101, 100)),
    ({**LINEAR, "optimizer": "sign_sgd", "decay": "decoupled"}, "B12h", "equilibrium", sp.Rational(3, 2)),
    ({**MEAN, "law": "map", "steps": 200}, "C5", "sgd_growth", sp.Rational(99, 100)),
    ({**MEAN, "law": "map", "optimizer": "normalized_sgd", "visits": 0.5}, "C5", "normalized_growth", NEARLY),
    ({**MEAN, "law": "map", "decay": "decoupled", "eta_lambda": 0.02}, "C5", "sgd_lazy", sp.Rational(6, 5)),
    ({**MEAN, "law": "map", "decay": "decoupled", "eta_lambda": 0.02, "visits": 0.7}, "C5", "sgd_dense", sp.S(2)),
    ({"law": "batch_step", "loss": "siglip"}, "B6", "next_squared_norm", NEARLY),
    ({"law": "placed:B12c", "momentum": 0.5}, "B12c", "equilibrium", sp.Rational(3, 2)),
    ({"law": "placed:C5b", "optimizer": "adam", "second_momentum": 0.5, "lazy": True, "visits": 0.5}, "C5b", "lazy_growth", sp.S(2)),
    ({"law": "evidence:B2"}, "B2", "next_squared_norm", NEARLY),
]  # fmt: skip
NAMES = [f"{s['law']} {s.get('optimizer', '')} {label}.{name}" for s, label, name, _ in SETTINGS]


def cell(setting):
    return Cell(canonical(setting, axes()), 11)


@pytest.mark.parametrize(("setting", "label", "name", "factor"), SETTINGS, ids=NAMES)
def test_the_law_holds_and_a_wrong_one_fails(setting, label, name, factor):
    one = cell(setting)
    assert label in laws()[one.law].claims
    (right,) = perform([one])
    assert right.verdict == "holds", right
    broken = {**ledger(), label: {**ledger()[label], name: factor * ledger()[label][name]}}
    (wrong,) = perform([one], broken)
    assert wrong.verdict == "fails", wrong
    if one.law in ("equilibrium", "map") and right.observed == wrong.observed:
        assert wrong.bound == right.bound, "a bound must not look at the claim"


@pytest.mark.parametrize("setting", [{"law": "right_angle", "optimizer": "adam"}, {"law": "batch_gradients", "loss": "supcon"}],
                         ids=lambda s: s["law"])  # fmt: skip
@pytest.mark.parametrize("off", [1e-9, float("nan")])
def test_a_gradient_that_is_claimed_to_have_a_radial_part_fails(setting, off):
    label = laws()[setting["law"]].claims[0]
    broken = {**ledger(), label: {**ledger()[label], "radial_gradient": sp.Float(off) if off == off else sp.nan}}
    assert [r.verdict for r in perform([cell(setting)])] == ["holds"]
    assert [r.verdict for r in perform([cell(setting)], broken)] == ["fails"]


@pytest.mark.parametrize(("setting", "why"), [
    ({"law": "right_angle", "loss": "dot_product_infonce"}, "not scale-invariant"),
    ({"law": "balance", "optimizer": "riemannian_sgd"}, "scaled back"),
    ({"law": "step", "optimizer": "adam"}, "not tangential"),
    ({"law": "sandwich", "decay": "decoupled"}, "without weight decay"),
    ({**MEAN, "law": "equilibrium"}, "no equilibrium"),
    ({**MEAN, "law": "equilibrium", "decay": "decoupled", "visits": 0.1, "eta_lambda": 0.2}, "C6: so rare"),
    ({**MEAN, "law": "map", "decay": "decoupled", "eta_lambda": 0.3}, "for small steps"),
    ({"law": "placed:B12d"}, "derives its bounds for dimension from 32 to 512"),
    ({"law": "balance", "precision": "bfloat16", "step_size": 1e-6}, "rounding at this precision"),
], ids=lambda x: x if isinstance(x, str) else "")  # fmt: skip
def test_a_law_that_does_not_speak_of_a_setting_says_why(setting, why):
    (found,) = perform([cell(setting)])
    assert found.verdict == "vacuous"
    assert why in found.note


@pytest.mark.parametrize(("setting", "label", "name"), [
    ({"law": "sandwich"}, "B4", "upper_excess"),
    ({**PRESCRIBED, "law": "map"}, "B4", "upper_excess"),
    ({"law": "logarithm", "optimizer": "adagrad_norm", "step_size": 0.01}, "B10c", "adagrad_bound"),
    ({"law": "logarithm", "optimizer": "wngrad", "step_size": 0.01}, "B10c", "wngrad_bound"),
], ids=lambda x: x if isinstance(x, str) else x["law"])  # fmt: skip
def test_a_law_that_leaves_open_more_than_the_value_itself_is_loose_and_not_held(setting, label, name):
    wide = {**ledger(), label: {**ledger()[label], name: 10**9 * ledger()[label][name]}}
    (right,), (found,) = perform([cell(setting)]), perform([cell(setting)], wide)
    assert (right.verdict, found.verdict) == ("holds", "loose"), (right, found)
    assert right.width <= 1 < found.width
    assert found.deviation <= found.bound, "it does hold, as anything would"


def test_a_bound_as_large_as_the_value_is_loose_and_a_tight_one_among_them_decides():
    loose = worst([1.0, 2.0], 1.0, [3.0, 4.0], unseen="")
    assert (loose.verdict, loose.width) == ("loose", 2.0), "2 is nearer to its bound, which is twice itself"
    assert worst([1.0, 2.0], 2.0, [3.0, 0.1], unseen="").observed == 2.0
    assert worst([1.0, 2.0], 2.0, [3.0, 0.1], unseen="").verdict == "holds"
    assert worst([1.0, 9.0], 2.0, [3.0, 4.0], unseen="").verdict == "fails", "what exceeds its bound fails, loose or not"
    assert worst([0.0], 0.0, [0.0], unseen="").verdict == "holds"
    assert worst([float("nan")], 0.0, [1.0], unseen="").verdict == "fails"
    assert worst([1.0], 1.0, [9.0], False, unseen="too small").verdict == "vacuous"
    assert worst([1e-9], 0.0, [1e-6], unseen="", size=[2.0]).width == 5e-7


def test_riemannian_steps_far_longer_than_the_norm_are_loose():
    long = {"law": "step", "optimizer": "riemannian_sgd", "precision": "bfloat16", "norm": 0.05, "step_size": 3.0, "loss": "prescribed"}
    (found,) = perform([cell(long)])
    assert found.verdict == "loose", "storage rounds the long step, and the bound is of that length"
    (short,) = perform([cell({**long, "step_size": 0.01, "norm": 1.0})])
    assert short.verdict == "holds"


def test_every_law_of_the_whole_design_says_how_wide_its_bounds_are_and_none_is_hollow():
    of_law = dict[str, list[Cell]]()
    for one in laid_out(read_spec(ROOT / "sweeps" / "whole_design.toml")).cells:
        of_law.setdefault(one.law, []).append(one)
    for name, cells in of_law.items():
        if name.startswith("evidence:"):  # of several measurements, each in a unit of its own; its witnesses show what it can tell
            continue
        found = perform(cells[: 2 if name.startswith("placed:") else 16])
        assert any(r.verdict == "holds" for r in found), name
        for r in found:
            if r.verdict in ("holds", "loose"):
                assert (r.verdict == "holds") == (0 < r.width <= 1), (name, r)


def test_the_row_of_a_claims_own_evidence_has_its_worst_setting():
    (found,) = perform([cell({"law": "evidence:B2"})])
    assert "squared norm after a step" in found.note or "rotation" in found.note or "floor" in found.note
    assert "seed=" in found.note


def test_every_law_names_claims_that_the_ledger_has():
    for law in laws().values():
        assert law.claims, law.name
        assert set(law.claims) <= set(ledger()), law.name


def test_growth_that_starts_with_a_step_far_longer_than_the_norm_is_loose():
    """B4 leaves open a multiple of the lower end there, although the norm may be near the upper one."""
    far = {**PRESCRIBED, "optimizer": "sgd", "norm": 0.3, "step_size": 1.0, "energy": 100.0, "steps": 100}
    assert [r.verdict for r in perform([cell({**far, "law": law}) for law in ("map", "sandwich")])] == ["loose", "loose"]
    near = {**far, "norm": 3.0, "energy": 1.0}
    assert [r.verdict for r in perform([cell({**near, "law": law}) for law in ("map", "sandwich")])] == ["holds", "holds"]
