"""Entries of short formats as float64: every bit pattern, by instruction and by integers."""

from __future__ import annotations

import numpy as np
import pytest
from llvmlite import binding, ir
from numba import config, types
from numba.extending import intrinsic

from numerics.arithmetic import widening
from numerics.compilation.compiled import inner
from numerics.kernels.embedding_rows import measure

PATTERNS = np.arange(2**16, dtype=np.uint16)
with np.errstate(invalid="ignore"):  # of signalling NaN
    HALVES = PATTERNS.view(np.float16).astype(np.float64)
    BFLOATS = (PATTERNS.astype(np.uint32) << np.uint32(16)).view(np.float32).astype(np.float64)


def each(widen, patterns):
    @inner
    def fill(patterns, out):
        for i in range(len(patterns)):
            out[i] = widen(patterns[i])

    out = np.empty(len(patterns))
    fill(patterns, out)
    return out


def by(emitted):
    @intrinsic
    def widen(typing, bits):  # noqa: ARG001
        return types.float64(bits), lambda context, builder, signature, values: emitted(builder, values[0])  # noqa: ARG005

    return widen


def test_every_float16_is_widened_exactly():
    assert np.array_equal(each(widening.widened, PATTERNS), HALVES, equal_nan=True)


def test_every_bfloat16_is_widened_exactly():
    assert np.array_equal(each(widening.widened, PATTERNS.view(np.int16)), BFLOATS, equal_nan=True)


@pytest.mark.parametrize("name", ["half_by_integers", "half_by_instruction"])
def test_both_ways_to_widen_float16_are_exact(name):
    if name == "half_by_instruction" and not widening.widens_half():
        pytest.skip("this processor has no instruction that widens float16")
    found = each(by(getattr(widening, name)), PATTERNS)
    assert np.array_equal(found, HALVES, equal_nan=True)
    assert np.array_equal(np.signbit(found), np.signbit(HALVES))


def test_without_the_correction_of_infinities_and_subnormals_the_comparison_fails():
    def shifted(builder, bits):
        whole = builder.shl(builder.zext(bits, ir.IntType(32)), ir.Constant(ir.IntType(32), 13))
        return builder.fpext(builder.bitcast(whole, ir.FloatType()), ir.DoubleType())

    assert not np.array_equal(each(by(shifted), PATTERNS), HALVES, equal_nan=True)


def test_the_instruction_is_used_only_where_the_processor_compiled_for_has_it(monkeypatch):
    monkeypatch.setattr(widening.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(config, "CPU_FEATURES", "+avx,-f16c")
    assert not widening.widens_half()
    monkeypatch.setattr(config, "CPU_FEATURES", "+avx,+f16c")
    assert widening.widens_half()
    monkeypatch.setattr(config, "CPU_FEATURES", None)
    monkeypatch.setattr(config, "CPU_NAME", "generic")
    assert not widening.widens_half()
    monkeypatch.setattr(config, "CPU_NAME", None)
    monkeypatch.setattr(binding, "get_host_cpu_features", lambda: {"f16c": False})
    assert not widening.widens_half()


@pytest.mark.parametrize("dimension", [1, 3, 8, 33])
def test_rows_of_every_pattern_have_the_norms_of_their_numbers(dimension):
    rows = np.resize(PATTERNS, (2**16, dimension))
    norms, status, sums, work = np.empty(2**16), np.empty(2**16, np.uint8), *np.zeros((2, 2, dimension))
    measure(rows, norms, status, sums, work)
    assert not work.any()
    with np.errstate(invalid="ignore"):
        squares = (rows.view(np.float16).astype(np.float64) ** 2).sum(axis=1)
    fine = np.isfinite(squares) & (squares > 0)
    assert np.array_equal(status == 0, fine)
    assert np.all(abs(norms[fine] ** 2 / squares[fine] - 1) <= 2 * (dimension + 3) * 2.0**-52)
