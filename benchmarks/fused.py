"""Chains of fused multiply-adds in registers alone, as wide as the processor has them: what the peak is measured with."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm

# bits of a register, independent chains: two units with a latency of 4 need 8, and all have to stay in registers
_WIDTHS = {"avx512f": (512, 12), "fma": (256, 10)}
_TYPES = {"float64": ("double", 64, ctypes.c_double), "float32": ("float", 32, ctypes.c_float)}


@dataclass(frozen=True)
class Chains:
    """A compiled loop: ``run(rounds)``, of ``operations`` floating-point operations a round; ``instructions`` as assembled."""

    run: Any
    operations: int
    instructions: dict[str, int]
    engine: Any


def chains(precision: str) -> Chains:
    """For this processor, in float64 or float32."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    bits, count = next((shape for name, shape in _WIDTHS.items() if features.get(name)), (128, 10))
    kind, size, c_type = _TYPES[precision]
    lanes = bits // size
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features.flatten(), opt=3
    )
    module = llvm.parse_assembly(_program(kind, lanes, count, bits))
    instructions = {
        register: len(re.findall(rf"\bvfn?madd\w+\s.*%{register}\d", machine.emit_assembly(module))) for register in ("zmm", "ymm", "xmm")
    }
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    signature = ctypes.CFUNCTYPE(c_type, ctypes.c_int64, c_type, c_type)
    function = signature(engine.get_function_address("chains"))
    return Chains(lambda rounds: function(rounds, 0.999, 0.001), 2 * lanes * count, instructions, engine)


def _program(kind: str, lanes: int, count: int, bits: int) -> str:
    """Each chain starts elsewhere, or they would be one."""
    vector = f"<{lanes} x {kind}>"
    name = f"llvm.fma.v{lanes}f{64 if kind == 'double' else 32}"
    splat = [
        line
        for v in ("factor", "more")
        for line in (
            f"%{v}.one = insertelement {vector} poison, {kind} %{v}, i32 0",
            f"%{v}.all = shufflevector {vector} %{v}.one, {vector} poison, <{lanes} x i32> zeroinitializer",
        )
    ]
    starts = [f"<{', '.join([f'{kind} {i}.0'] * lanes)}>" for i in range(count)]
    heads = [f"%x{i} = phi {vector} [ {start}, %entry ], [ %y{i}, %loop ]" for i, start in enumerate(starts)]
    steps = [f"%y{i} = call {vector} @{name}({vector} %x{i}, {vector} %factor.all, {vector} %more.all)" for i in range(count)]
    sums = [f"%s{i} = fadd {vector} {'%y0' if i == 1 else f'%s{i - 1}'}, %y{i}" for i in range(1, count)]
    lines = [
        f"declare {vector} @{name}({vector}, {vector}, {vector})",
        f"define {kind} @chains(i64 %rounds, {kind} %factor, {kind} %more) #0 {{", "entry:", *splat, "br label %loop",
        "loop:", "%i = phi i64 [ 0, %entry ], [ %next, %loop ]", *heads, *steps,
        "%next = add i64 %i, 1", "%done = icmp eq i64 %next, %rounds", "br i1 %done, label %end, label %loop",
        "end:", *sums, f"%r = extractelement {vector} %s{count - 1}, i32 0", f"ret {kind} %r", "}",
        f'attributes #0 = {{ "prefer-vector-width"="{bits}" "min-legal-vector-width"="{bits}" }}',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
