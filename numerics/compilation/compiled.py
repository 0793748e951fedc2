"""How the kernels are compiled, cached and run on threads.

Two kinds of compiled function. An `inner` one is compiled into each kernel that calls it and is never cached
by itself. A kernel runs over a range of independent rows, without the interpreter's lock, and is cached on
disk, in files that carry `SOURCE_STAMP`, a digest of all the files that can be compiled into it (`kernel_cache`).
Every kernel is built by a function of the stamp, for numba keys what it has stored by the values that a kernel
closes over, too.

Rows are shared out to plain threads: a row is computed by one thread, from first to last, so the result is
the same bits for any number of them; and without numba's own threading a kernel compiles in half the time.
Fast-math stays off: sums run in the order in which they are written, but for those of `numerics.arithmetic.sums`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from numba import njit

from numerics.compilation.kernel_cache import SOURCE_STAMP, cached
from numerics.compilation.processors import processors
from numerics.validation import integer


def inner(function: Callable[..., Any]) -> Any:
    """Compile a function that only kernels call, and that neither makes nor returns arrays.

    Without numba's count of references: each view of a row would cost two atomic additions, which took half of the time.
    """
    return njit(error_model="numpy", forceinline=True, _nrt=False, fastmath=False)(function)


def part(function: Callable[..., Any]) -> Any:
    """`inner` for a part of a kernel, which cannot be called from Python: to unpack its many arguments takes long to compile."""
    return njit(error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False, fastmath=False)(function)


def allocating(function: Callable[..., Any]) -> Any:
    """`part` for a function that makes arrays or returns them, once a row or less."""
    return njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=True, fastmath=False)(function)


def spliced(function: Callable[..., Any]) -> Any:
    """`inner` for a part of one long function: it is put into its caller before that is compiled, and takes no time of its own."""
    return njit(error_model="numpy", inline="always", _nrt=False, fastmath=False)(function)


def called(function: Callable[..., Any]) -> Any:
    """`inner` for what is long and called from several places: compiled once, not into each of them."""
    return njit(error_model="numpy", _nrt=False, fastmath=False)(function)


def summed(function: Callable[..., Any]) -> Any:
    """`inner` for the sums of `numerics.arithmetic.sums`: terms in any order, products fused. NaN and infinity stay what they are."""
    return njit(error_model="numpy", forceinline=True, _nrt=False, fastmath={"reassoc", "contract", "nsz"})(function)


def fused(function: Callable[..., Any]) -> Any:
    """`inner` for polynomials: a product and a sum may be rounded once."""
    return njit(error_model="numpy", forceinline=True, _nrt=False, fastmath={"contract"})(function)


def stamped(build: Callable[[int], Any], counted: bool = True) -> Any:
    """Compile the function that ``build(SOURCE_STAMP)`` returns, without the interpreter's lock, kept on disk (`kernel_cache`).

    ``counted``: it may make arrays.
    """
    function = build(SOURCE_STAMP)
    return cached(function, njit(error_model="numpy", nogil=True, _nrt=counted, fastmath=False)(function))


def stamped_inner(build: Callable[[int], Any]) -> Any:
    """`stamped` for a loop that, as an `inner` function, makes no arrays."""
    return stamped(build, counted=False)


class Kernel:
    """A compiled loop ``run(first, last, *arguments)`` over rows, shared out to threads."""

    def __init__(self, build: Callable[[int], Callable[..., None]]) -> None:
        self._run = stamped(build)

    def __call__(self, rows: int, threads: int | None, *arguments: Any) -> None:
        """Run over ``rows`` rows on ``threads`` threads, from 1 (None: one a core); else ``InvalidInput``."""
        workers = min(rows, processors() if threads is None else integer("threads", threads, 1))
        if workers == 1:
            self._run(0, rows, *arguments)
            return
        ends = [rows * i // workers for i in range(workers + 1)]
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(self._run, a, b, *arguments) for a, b in pairwise(ends)]:
                done.result()


kernel = Kernel
