"""What is measured without a contest: counts, fits, and that what is timed did what it says. No time is asserted."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import growth, parts, peak, startup, symbolic
from benchmarks.findings import Finding
from benchmarks.fused import chains
from benchmarks.replicates.setting import Setting
from theory.catalogue import catalogue


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_chains_of_multiply_adds_are_what_they_are_counted_as(precision):
    kernel = chains(precision)
    found = sum(kernel.instructions.values())
    lanes = {"zmm": 512, "ymm": 256, "xmm": 128}
    size = 64 if precision == "float64" else 32
    if found:  # of a processor that has them
        assert kernel.operations == sum(2 * count * lanes[register] // size for register, count in kernel.instructions.items())
    # a chain that starts at i is i f^n + m (1 + f + ... ), and all are added up
    count, rounds, f, m = (12 if kernel.instructions["zmm"] else 10), 50, 0.999, 0.001
    expected = sum(i * f**rounds + m * (1 - f**rounds) / (1 - f) for i in range(count))
    # each of the rounds rounds once, and so do the sums
    assert abs(kernel.run(rounds) - expected) <= (rounds + count) * float(np.finfo(precision).eps) * expected * 2


def test_operations_of_a_step_are_counted_from_its_definition():
    d, n = 3, 2
    direction, scores, softmax, combined, projected = d, 2 * n * d, 5 * n, 2 * n * d, 5 * d
    radial, energy, moments, move, angle = 4 * d, 4 * d, 4 * d, 3 * d, (9 + 7) * d
    counted = direction + scores + softmax + combined + projected + radial + energy + moments + move + angle + 10
    assert peak.operations(Setting(1, d, n, 10)) == counted


def test_parts_that_are_timed_are_those_of_a_step():
    d, n, t = 5, 6, 0.7
    rng = np.random.default_rng(0)
    unit, candidates, slopes, out = rng.normal(size=(d, 8)), rng.normal(size=(8, n, d)), rng.normal(size=(n, 8)), np.empty(d * 8)
    scores = parts.products(3, unit.ravel(), candidates, slopes, out)
    room = 16 * (d + n) * np.finfo(float).eps  # of sums of few products of numbers of order 1
    np.testing.assert_allclose(scores, np.einsum("dr,rnd->nr", unit, candidates), atol=room)
    np.testing.assert_allclose(out.reshape(d, 8), np.einsum("nr,rnd->dr", slopes, candidates), atol=room)
    got = np.empty((n, 8))
    parts.softmax(3, parts._INFONCE, slopes, np.full(8, t), got)
    weights = np.exp(slopes / t) / np.exp(slopes / t).sum(axis=0)
    weights[0] -= 1
    np.testing.assert_allclose(got, weights / t, atol=room / t)
    assert all(seconds(10) > 0 for seconds in parts.timed(Setting(8, d, n, 1)).values())


def test_an_exponent_is_found_again_with_an_interval_around_it():
    rng = np.random.default_rng(0)
    sizes = [1, 2, 4, 8]
    seconds = [[3.0 * size**1.25 * np.exp(0.05 * rng.standard_normal()) for _ in range(20)] for size in sizes]
    slope, low, high = growth.exponent(sizes, seconds)
    assert low < 1.25 < high
    assert low < slope < high < low + 0.1


def test_a_pair_is_timed_between_two_reports_of_progress(monkeypatch):
    """Reports at seconds 1, 2, 4, 9, the last one for the final words: 3 seconds for the pairs of the words in between."""
    clock = iter((1.0, 2.0, 4.0, 9.0))
    monkeypatch.setattr(growth, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    reports = [10, 20, 25, 30]
    monkeypatch.setattr(growth, "train_lookup", lambda *_, progress: [progress(tokens) for tokens in reports])
    setting = growth.tables.Setting(growth.zipf_text(10, 30), 4, batch=8)
    assert growth.seconds_a_pair(setting) == 3.0 / (2 * 5 * 15)
    clock, reports = iter((1.0, 2.0)), [25, 30]
    with pytest.raises(ValueError, match="text of 30 words reports its progress 2 times, must do so 3 times or more"):
        growth.seconds_a_pair(setting)


def test_proofs_whose_time_counts_are_proofs(monkeypatch):
    chosen = (catalogue()["B2"],)
    assert symbolic.in_one_process(chosen) > 0
    broken = "claims = [c.replaced(**{name: f + 1 for name, f in c.formulas.items()}) for c in claims]\nbegan ="
    monkeypatch.setattr(symbolic, "_ONE", symbolic._ONE.replace("began =", broken, 1))
    with pytest.raises(symbolic.NotProved, match="not every claim"):
        symbolic.in_one_process(chosen)


def test_commands_whose_start_is_timed_succeed():
    for arguments in startup.COMMANDS.values():
        startup._seconds(arguments)
    with pytest.raises(Exception, match="non-zero exit status"):
        startup._seconds(("-m", "derivations", "--nonsense"))


def test_a_target_is_met_or_missed():
    assert Finding("b", "n", (1.0, 3.0, 2.0), "s", target=2.0).met is True
    assert Finding("b", "n", (1.0, 3.0, 2.5), "s", target=2.0).met is False
    assert Finding("b", "n", (1.0,), "s", target=2.0, least=True).met is False
    assert Finding("b", "n", (1.0,), "s").met is None
