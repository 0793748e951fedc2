"""Threads that share out phases: every share once, no phase before the one before it is done, on more threads than cores too."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba import njit

from numerics.kernels import team as teams
from numerics.kernels.team import ENDLESS, PHASE, WAITING, Team, complete, open_phase, share_of, take

PHASES, SHARES = 3000, 7


@njit(nogil=True)
def work(team: Team, taken: np.ndarray, seen: np.ndarray, alone: np.ndarray) -> int:
    """Count who takes what; in each phase every share reads what all shares of the phase before have left."""
    while True:
        ticket = take(team)
        if ticket == WAITING:
            return WAITING
        phase, share = team.phase[PHASE], share_of(ticket)
        if phase == len(taken):
            return 0
        seen[phase, share] = taken[phase - 1].sum() if phase > 0 else taken.shape[1]
        taken[phase, share] += 1
        if complete(team, ticket):
            alone[phase] += 1
            open_phase(team, phase + 1, ENDLESS if phase + 1 == len(taken) else taken.shape[1])


def join(team: Team, *counts: np.ndarray) -> None:
    while work(team, *counts) == WAITING:
        time.sleep(1e-4)


def counted(threads: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    team = teams.team(np.zeros(24, np.int64))
    teams.assemble(team, 0, 0)
    taken, seen, alone = np.zeros((PHASES, SHARES), np.int64), np.zeros((PHASES, SHARES), np.int64), np.zeros(PHASES, np.int64)
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(join, team, taken, seen, alone) for _ in range(threads)]:
            done.result()
    return taken, seen, alone


@pytest.mark.parametrize("threads", [1, 2, 5, 20])
def test_every_share_is_taken_once_after_all_of_the_phase_before(threads: int) -> None:
    taken, seen, alone = counted(threads)
    assert np.all(taken[1:] == 1)
    assert np.all(seen[2:] == SHARES)
    assert np.all(alone == 1)
    assert taken[0].sum() == 1  # the first phase has one share, whoever comes first


def test_a_thread_that_finds_no_share_comes_back() -> None:
    team = teams.team(np.zeros(24, np.int64))  # no phase has been opened
    nothing = np.zeros((1, 1), np.int64)
    assert work(team, nothing, nothing, np.zeros(1, np.int64)) == WAITING
