"""Entries of files as float64: float16, bfloat16, float32, float64 and int8, exactly.

A kernel gets the entries of float16 as uint16 and those of bfloat16 as int16, since numba has arithmetic of neither. Every
number of the three short formats is a float64, so nothing is rounded; NaN stays NaN and infinity infinity.

float16 is widened by the processor's own instruction where it has one. Elsewhere by integers: exponent and fraction are moved
to where float32 has them, and a product with 2^112 corrects the exponent (15 against 127), of subnormal numbers too; what
reaches 2^16 was infinity or NaN.
"""

from __future__ import annotations

import platform
from typing import Any

from llvmlite import binding, ir
from numba import config, types
from numba.extending import intrinsic

_HALF, _FLOAT, _DOUBLE = ir.HalfType(), ir.FloatType(), ir.DoubleType()
_INT32 = ir.IntType(32)


def widens_half() -> bool:
    """Whether the processor that numba compiles for has an instruction that widens float16."""
    if platform.machine().lower() in ("aarch64", "arm64"):
        return True
    if config.CPU_FEATURES is not None:
        return "+f16c" in config.CPU_FEATURES.split(",")
    return config.CPU_NAME in (None, "host") and bool(binding.get_host_cpu_features().get("f16c", False))


def half_by_instruction(builder: Any, bits: Any) -> Any:
    """The float64 of sixteen bits."""
    return builder.fpext(builder.bitcast(bits, _HALF), _DOUBLE)


def half_by_integers(builder: Any, bits: Any) -> Any:
    """The same on a processor without that instruction."""

    def constant(value: int) -> Any:
        return ir.Constant(_INT32, value)

    whole = builder.zext(bits, _INT32)
    magnitude = builder.bitcast(builder.shl(builder.and_(whole, constant(0x7FFF)), constant(13)), _FLOAT)
    scaled = builder.bitcast(builder.fmul(magnitude, ir.Constant(_FLOAT, 2.0**112)), _INT32)
    beyond = builder.icmp_unsigned(">=", scaled, constant(0x4780_0000))  # 2^16
    scaled = builder.select(beyond, builder.or_(scaled, constant(0x7F80_0000)), scaled)
    sign = builder.shl(builder.and_(whole, constant(0x8000)), constant(16))
    return builder.fpext(builder.bitcast(builder.or_(scaled, sign), _FLOAT), _DOUBLE)


_half = half_by_instruction if widens_half() else half_by_integers


def _bfloat16(builder: Any, bits: Any) -> Any:
    return builder.fpext(builder.bitcast(builder.shl(builder.zext(bits, _INT32), ir.Constant(_INT32, 16)), _FLOAT), _DOUBLE)


@intrinsic
def widened(typing, entry):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """An entry as float64: uint16 are the bits of a float16, int16 those of a bfloat16, int8 whole numbers."""
    if entry not in (types.uint16, types.int16, types.int8, types.float32, types.float64):
        return None

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]  # noqa: ARG001
        if entry == types.float64:
            return values[0]
        if entry == types.int8:
            return builder.sitofp(values[0], _DOUBLE)
        if entry == types.float32:
            return builder.fpext(values[0], _DOUBLE)
        return (_half if entry == types.uint16 else _bfloat16)(builder, values[0])

    return types.float64(entry), emit
