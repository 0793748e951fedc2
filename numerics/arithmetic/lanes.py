"""Eight rows at once: a number type for kernels whose values are eight numbers, one of each row.

Arithmetic is that of numbers, lane by lane, and compiles to vector instructions whatever they are; products and sums may be
fused. Vectors of eight rows are arrays (d, WIDTH): ``load(array, i)`` is entry i of all eight, counted through all axes but the
last. Rows never mix, so what a row comes to does not depend on its neighbours. For float64 and float32.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel.models import PrimitiveModel
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, register_model

WIDTH = 8
_FLAGS = ("contract",)
_INT32 = ir.IntType(32)


class Lanes(types.Type):
    """The type; ``item`` is that of a lane."""

    def __init__(self, item: Any) -> None:
        self.item = item
        super().__init__(name=f"Lanes({item})")

    @property
    def vector(self) -> Any:
        """In machine code."""
        item = {types.float64: ir.DoubleType(), types.float32: ir.FloatType(), types.boolean: ir.IntType(1)}[self.item]
        return ir.VectorType(item, WIDTH)


@register_model(Lanes)
class _Model(PrimitiveModel):
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, lanes.vector)


MASK = Lanes(types.boolean)


def _spread(builder: Any, value: Any, vector: Any) -> Any:
    """The same value in every lane."""
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(_INT32, 0))
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), ir.Constant(ir.VectorType(_INT32, WIDTH), [0] * WIDTH))


def _as_lanes(context: Any, builder: Any, have: Any, value: Any, lanes: Lanes) -> Any:
    if isinstance(have, Lanes):
        return value
    return _spread(builder, context.cast(builder, value, have, lanes.item), lanes.vector)


def _place(context: Any, builder: Any, array: Any, value: Any, at: Any) -> Any:
    data = context.make_array(array)(context, builder, value).data
    start = builder.gep(data, [builder.mul(at, ir.Constant(at.type, WIDTH))])
    return builder.bitcast(start, Lanes(array.dtype).vector.as_pointer())


@intrinsic
def load(typing, array, at):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Entry ``at`` of eight rows."""
    lanes = Lanes(array.dtype)

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]
        at = context.cast(builder, values[1], signature.args[1], types.intp)
        found = builder.load(_place(context, builder, signature.args[0], values[0], at))
        found.align = array.dtype.bitwidth // 8
        return found

    return lanes(array, at), emit


@intrinsic
def zeros(typing, array):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """0 in every lane, of the type of the array's entries."""
    lanes = Lanes(array.dtype)

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]  # noqa: ARG001
        return ir.Constant(lanes.vector, [0.0] * WIDTH)

    return lanes(array), emit


@intrinsic
def store(typing, array, at, value):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Entry ``at`` of eight rows becomes ``value``, which may be one number for all."""

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]
        at = context.cast(builder, values[1], signature.args[1], types.intp)
        lanes = _as_lanes(context, builder, signature.args[2], values[2], Lanes(array.dtype))
        done = builder.store(lanes, _place(context, builder, signature.args[0], values[0], at))
        done.align = array.dtype.bitwidth // 8
        return context.get_dummy_value()

    return types.none(array, at, value), emit


def _arithmetic(operation: Callable[..., Any], instruction: str) -> None:
    """Two lanes, or lanes and a number, which then stands in every lane."""

    @infer_global(operation)
    class _Typing(AbstractTemplate):
        def generic(self, arguments, _):  # type: ignore[no-untyped-def]
            lanes = next((have for have in arguments if isinstance(have, Lanes)), None)
            return None if lanes is None else signature(lanes, *arguments)

    def emit(context, builder, made, values):  # type: ignore[no-untyped-def]
        both = (_as_lanes(context, builder, have, value, made.return_type) for have, value in zip(made.args, values, strict=True))
        return getattr(builder, instruction)(*both, flags=_FLAGS)

    for pair in ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes)):
        lower_builtin(operation, *pair)(emit)


for _operation, _instruction in (
    (operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"), (operator.truediv, "fdiv"), (operator.iadd, "fadd"),
):  # fmt: skip
    _arithmetic(_operation, _instruction)


@intrinsic
def above(typing, a, b):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """The lanes in which a > b."""
    lanes = a if isinstance(a, Lanes) else b

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]
        both = (_as_lanes(context, builder, have, value, lanes) for have, value in zip(signature.args, values, strict=True))
        return builder.fcmp_ordered(">", *both)

    return MASK(a, b), emit


@intrinsic
def choose(typing, mask, a, b):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """a in the lanes of the mask, else b."""
    lanes = a if isinstance(a, Lanes) else b

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]
        both = (_as_lanes(context, builder, have, v, lanes) for have, v in zip(signature.args[1:], values[1:], strict=True))
        return builder.select(values[0], *both)

    return lanes(mask, a, b), emit


@intrinsic
def root(typing, a):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """The square root."""

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]  # noqa: ARG001
        of = "f64" if a.item == types.float64 else "f32"
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(a.vector, [a.vector]), f"llvm.sqrt.v{WIDTH}{of}")
        return builder.call(function, values)

    return a(a), emit


@intrinsic
def wide(typing, a):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """In float64."""
    lanes = Lanes(types.float64)

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]  # noqa: ARG001
        return values[0] if a.item == types.float64 else builder.fpext(values[0], lanes.vector)

    return lanes(a), emit


@intrinsic
def like(typing, a, b):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """float64 lanes a in the precision of the array b."""
    lanes = Lanes(b.dtype)

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]  # noqa: ARG001
        return values[0] if b.dtype == types.float64 else builder.fptrunc(values[0], lanes.vector)

    return lanes(a, b), emit


@intrinsic
def power_of_two(typing, shifted):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """2^k of float64 lanes 1.5 2^52 + k, whose lowest bits are k: they are moved to where the exponent stands."""

    def emit(context, builder, signature, values):  # type: ignore[no-untyped-def]  # noqa: ARG001
        whole = ir.VectorType(ir.IntType(64), WIDTH)
        bits = builder.add(builder.bitcast(values[0], whole), ir.Constant(whole, [1023] * WIDTH))
        return builder.bitcast(builder.shl(bits, ir.Constant(whole, [52] * WIDTH)), shifted.vector)

    return shifted(shifted), emit


