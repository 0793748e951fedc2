"""Threads that work through the phases of a loop together, inside compiled code: who is free takes the next share.

A phase has shares, numbered from 0. A thread takes a number; who completes the last share does what one alone has to do, and
opens the next phase. Nobody waits for a thread that has no share, so one that is late or has no core holds nobody up; one that
has waited for long goes back to its caller, which lets it sleep. Who takes which share changes nothing if shares are
independent.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from numerics.compilation.compiled import inner, spliced

Words = NDArray[np.int64]

WAITING = -1  # no share was left for so long that the thread should sleep
PATIENCE = 20_000  # looks for a share before that, some 10 to 50 microseconds
_BITS = 16  # the lowest of a ticket are the next share, those above how many there are
_LOW = (1 << _BITS) - 1
ENDLESS = _LOW  # shares: more than there are threads, so that each gets one and none is the last
_LINE = 8  # words of a cache line: what threads write without waiting for one another stands apart


class Team(NamedTuple):
    """What the threads share, each on a cache line of its own. What a thread acts upon stands in one word, the ticket: while it
    looks the phase may end."""

    ticket: Words  # (8,)
    done: Words  # (8,) shares completed
    phase: Words  # (8,) what is open, for those who have a share of it, and how the loop has ended


PHASE, STATUS = range(2)  # of `Team.phase`


def team(words: Words) -> Team:
    """Of 24 zeros that begin a cache line."""
    return Team(*words.reshape(3, _LINE))


def assemble(team: Team, phase: int, status: int) -> None:
    """Open the first phase, of one share, before the threads come; called from Python."""
    team.phase[PHASE], team.phase[STATUS] = phase, status
    team.done[0], team.ticket[0] = 0, 1 << _BITS


def _address(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    return context.make_array(signature.args[0])(context, builder, values[0]).data


@intrinsic
def _next(_typing: Any, words: Any) -> Any:
    """Add 1 to words[0]; what stood there before."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        one = ir.Constant(ir.IntType(64), 1)
        return builder.atomic_rmw("add", _address(context, builder, signature, values), one, "acq_rel")

    return types.int64(words), emit


@intrinsic
def _seen(_typing: Any, words: Any) -> Any:
    """words[0], and with it all that was written before it was."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load_atomic(_address(context, builder, signature, values), "acquire", 8)

    return types.int64(words), emit


@intrinsic
def _show(_typing: Any, words: Any, value: Any) -> Any:
    """words[0] becomes ``value``, after all that was written before."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        number = context.cast(builder, values[1], signature.args[1], types.int64)
        builder.store_atomic(number, _address(context, builder, signature, values), "release", 8)
        return context.get_dummy_value()

    return types.void(words, value), emit


@spliced
def open_phase(team: Team, phase: int, shares: int) -> None:
    """By who completed the last share, or before any thread has come."""
    team.phase[PHASE] = phase
    _show(team.done, 0)
    _show(team.ticket, shares << _BITS)


@inner
def share_of(ticket: int) -> int:
    """The number of the share."""
    return ticket & _LOW


@inner
def shares_of(ticket: int) -> int:
    """How many the phase has."""
    return ticket >> _BITS


@inner
def take(team: Team) -> int:
    """A ticket to a share of the open phase, now the caller's; or WAITING."""
    for _ in range(PATIENCE):
        ticket = _seen(team.ticket)
        if share_of(ticket) < shares_of(ticket):
            ticket = _next(team.ticket)
            if share_of(ticket) < shares_of(ticket):
                return ticket
    return WAITING


@inner
def complete(team: Team, ticket: int) -> bool:
    """Tell that the share is done; whether it was the last one, so that the caller is alone and has to open a phase."""
    return _next(team.done) + 1 == shares_of(ticket)
