"""Replicates: contenders agree within a bound that is derived, and one that does other work is caught."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks import replicates
from benchmarks.contest import Missing, hold
from benchmarks.replicates import jax_scan, numpy_vectorised, ours
from benchmarks.replicates.bounds import allowances, difference
from benchmarks.replicates.setting import OPTIMIZERS, Result, Setting
from numerics.simulation.steps import evaluate

SETTINGS = [Setting(4, 8, 3, 40, name, precision) for name in OPTIMIZERS for precision in ("float64", "float32")]


def result(module, setting: Setting) -> Result:
    return module.contender(setting, None if module is ours else module.__name__).prepare().run()


@pytest.mark.parametrize("setting", SETTINGS, ids=[s.name for s in SETTINGS])
def test_numpy_computes_what_we_do(setting):
    found = difference(setting, result(ours, setting), result(numpy_vectorised, setting))
    assert not found.wrong, found


@pytest.mark.parametrize("setting", SETTINGS[::3], ids=[s.name for s in SETTINGS[::3]])
def test_jax_computes_what_we_do_in_every_way_in_which_it_is_written(setting):
    jax = pytest.importorskip("jax")
    jax = jax_scan.load()
    reference = result(ours, setting)
    for variant in jax_scan.VARIANTS:
        found = difference(setting, reference, jax_scan._compiled(jax, setting, variant)())
        assert not found.wrong, (variant, found)


@pytest.mark.parametrize("setting", SETTINGS, ids=[s.name for s in SETTINGS])
def test_bounds_are_small_beside_what_happens(setting):
    found = result(ours, setting)
    allowed = allowances(setting, found)
    moved = np.linalg.norm(found.embeddings - setting.inputs.embeddings, axis=1)
    share = 2e-2 if setting.precision == "float32" else 1e-9
    assert np.all(allowed.embeddings < share * moved)
    assert np.all(allowed.rotations < share * found.rotations)


def _other_work(setting: Setting) -> dict[str, Result]:
    """What slips would make of it."""
    right = result(ours, setting)
    turned = right.rotations.copy()
    turned[1, 2] *= 1 + 1e-6
    return {
        "a step less": result(ours, setting.under(steps=setting.steps - 10))._replace(
            **{name: getattr(right, name) for name in Result._fields if name != "embeddings"}
        ),
        "another optimiser": result(ours, setting.under(optimizer="heavy ball")),
        "a decay": result(ours, setting.under(optimizer="SGD with decay")),
        "float32": result(ours, setting.under(precision="float32")),
        "an angle in a slot": right._replace(rotations=turned),
        "no heats": right._replace(heats=np.zeros_like(right.heats)),
        "not a number": right._replace(energies=np.full_like(right.energies, np.nan)),
        "other slots": right._replace(squared_norms=right.squared_norms[:, ::2]),
    }


def test_other_work_is_caught():
    setting = Setting(4, 8, 3, 40)
    reference = result(ours, setting)
    for words, other in _other_work(setting).items():
        assert difference(setting, reference, other).wrong, words
    still = setting.inputs.embeddings
    assert difference(setting, reference._replace(embeddings=still), reference._replace(embeddings=still)).wrong  # nobody moved


def test_the_gradient_that_bounds_rest_on_is_no_longer_than_they_say():
    given = Setting(32, 8, 4, 10).inputs
    found = evaluate("infonce", given.embeddings, given.candidates, given.temperatures).gradients
    assert np.all(np.linalg.norm(found, axis=1) <= 2 / given.temperatures / np.linalg.norm(given.embeddings, axis=1))


def test_a_contest_of_ours_with_a_broken_numpy_says_so(monkeypatch):
    run = numpy_vectorised._run
    monkeypatch.setattr(numpy_vectorised, "_run", lambda s, how: run(s, how)._replace(radial=run(s, how).radial + 1e-3))
    case = next(iter(replicates.cases(quick=True)))
    found = {s.contender: s for s in hold(case, 1).standings}
    assert found["NumPy"].status == "wrong"
    assert "radial" in found["NumPy"].reason


def test_without_jax_its_row_gives_the_reason(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(Missing, match="jax is not installed: pip install"):
        jax_scan.contender(Setting(4, 8, 3, 10), "JAX").prepare()


def test_the_cases_are_those_of_the_targets():
    names = [case.name for case in replicates.cases()]
    assert names[0] == "d=32, n=16, R=512, 2000 steps"
    assert {(d, n) for d in (8, 128, 512) for n in (4, 64, 256)} == {
        tuple(int(part.split("=")[1]) for part in name.split(", ")[:2]) for name in names[5:]
    }
