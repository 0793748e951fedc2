"""The law "update rule": the move is that of the optimiser named, as far as what is logged can say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import FAILS, HOLDS, NO_GRADIENT, NO_MOVE, SILENT, TOO_SMALL, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.check_log.rules import momentum, replay, scaled, signs
from derivations.check_log.rules.applied import applied
from derivations.check_log.rules.momentum import worse

RULE = Law("update rule", (), "the move is that of the optimiser named: learning rate, gradient, momentum, scale and decay")
STANDS = "at every record the learning rate is 0"


def moving(of: Records) -> Any:
    """Where a rule moves a row: at a learning rate above 0, by a gradient or by decay."""
    return (of.eta > 0) & ((of.gradient > 0) | (of.product > 0))


def update_rule(of: Records, _: Ledger) -> Finding:
    """By the rule's definition, from what one record, two in a row, or all since the optimiser's first step say."""
    if of.no_rows:
        return RULE.silent(of.no_rows)
    if of.no_rule:
        return RULE.silent(f"{of.no_rule}: there is no rule to hold moves against")
    if not (of.has_move & of.has_gradient).any():
        return RULE.silent(NO_MOVE if of.has_gradient.any() else NO_GRADIENT)
    found = {**CHECKS, "adam": _adam, "rmsprop": _rmsprop, "lion": _lion}[of.setting.optimizer](of, RULE)
    return RULE.silent(STANDS) if found.verdict == SILENT and not np.any(of.eta > 0) else found


def _sgd(of: Records, rule: Law) -> Finding:
    """Plain SGD's step, through its products with u, with g and with itself; decay of either kind is the same."""
    index = np.flatnonzero(of.has_move & of.has_gradient)
    p, length, leg = of.product, rounding.size(of), of.eta * of.gradient
    square = of.gradient**2
    moved = rounding.stored(of, length)
    found = []
    for seen, want, arm in (
        (of.log["along"], -p * of.before - of.eta * of.radial, of.norm),
        (of.log["against"], -p * of.radial - of.eta * square, of.gradient),
        (of.log["step_square"], p**2 * of.before + 2 * p * of.eta * of.radial + leg**2, 2 * (p * of.norm + leg) + moved),
    ):
        bound = moved * arm + rounding.measured(of, (length + np.sqrt(of.log["step_square"])) * arm)
        told = (np.abs(want) > 4 * bound)[index]
        found.append(rule.compared(of, index, seen[index], want[index], bound[index], told, TOO_SMALL, relevant=moving(of)[index]))
    return worse(*found)


# Of one record, or of two in a row; they need no start.
CHECKS = {"sgd": _sgd, "heavy_ball": momentum.check, "nesterov": momentum.check, "rmsprop": scaled.check}


def _adam(of: Records, rule: Law) -> Finding:
    """Replayed if it can be; else refuted by steps of another rule, or longer ones than Adam's ever are."""
    found = replay.check(of, rule)
    if found.verdict != SILENT:
        return found
    if (another := _other_rule(of, rule)).verdict == FAILS:
        return another
    longest = _longest(of, rule)
    return longest if longest.verdict == FAILS else found


def _rmsprop(of: Records, rule: Law) -> Finding:
    """By pairs of steps; else refuted where a step goes against the gradient, or is another rule's."""
    found = scaled.check(of, rule)
    if found.verdict == FAILS or (against := scaled.agrees(of, rule)).verdict != FAILS:
        another = _other_rule(of, rule) if found.verdict == SILENT else found
        return another if another.verdict == FAILS else found
    return against


def _lion(of: Records, rule: Law) -> Finding:
    """Steps of signs, and those of the mean that Lion keeps."""
    lengths, found = signs.check(of, rule), replay.check(of, rule)
    if lengths.verdict == FAILS or found.verdict == FAILS:
        return worse(lengths, found)
    if found.verdict == HOLDS and lengths.verdict == HOLDS:
        return found
    if lengths.verdict == HOLDS:
        return rule.silent(f"steps are those of signs, but of which mean cannot be said: {found.reason}")
    return lengths if lengths.verdict == SILENT else found


def _other_rule(of: Records, rule: Law) -> Finding:
    """Fails if the moves are, to rounding and at more than half of the records, another rule's, with the decay of the log or without.

    Two rules may make one step; that they make the same ones at most records, in every direction, is no chance. Where they do by
    definition they are not held against each other: without momentum, and for gradients that never change, which signs ask for.
    """
    if of.dimension.min() < 2:
        return rule.silent("in one dimension rules may make the same steps")
    named = of.setting.optimizer
    for decay in dict.fromkeys((of.setting.decay, "none")):
        for other in ("sgd", *(("heavy_ball", "nesterov", "rmsprop") if of.setting.momentum else ())):
            if other == named:
                continue
            found = CHECKS[other](_named(of, other, decay), rule)
            if found.verdict == HOLDS:
                words = f"to rounding, the moves are those of {other} at {found.compared} of {found.relevant} records: not those of {named}"
                return replace(found, verdict=FAILS, note=words)
        without = _named(of, named, decay)
        if named != "lion" and signs.are_signs(without, rule):
            words = f"every coordinate moves by the learning rate, as under signSGD or Lion, while gradients change: that is not {named}"
            return replace(signs.check(without, rule), verdict=FAILS, note=words)
    return rule.silent("")


def _named(of: Records, optimizer: str, decay: str) -> Records:
    """The log as if its setting named another rule with the same constants."""
    momentum = 0.0 if optimizer == "sgd" else of.setting.momentum
    return Records(replace(of.log, setting=replace(of.setting, optimizer=optimizer, decay=decay, momentum=momentum)))


def _longest(of: Records, rule: Law) -> Finding:
    """|a|^2 is at most d times the largest that m^2/v can be (Cauchy-Schwarz), whatever gradients were."""
    a = applied(of)
    index = np.flatnonzero(of.has_move & of.has_gradient & (of.eta > 0))
    cap = of.dimension[index] * largest(of.setting.momentum, of.setting.second_momentum)
    off, seen = signs.bound(of, a)[index], a.aa[index]
    return rule.compared(of, index, seen, cap, off, False, TOO_SMALL, deviation=np.maximum(seen - cap, 0)).noting(
        "a step is longer than any of Adam's can be")


def largest(beta: float, square: float) -> float:
    """The largest m^2/v of bias-corrected means of the same gradients, at any age: the sum of squared weights of one over the other's.

    It is 1 at the first step; the geometric sum grows with the age, and both corrections tend to 1.
    """
    ratio = beta**2 / square
    if ratio >= 1:
        return float("inf")
    age = np.arange(1, int(np.ceil(40 / (1 - max(beta, square)))) + 1, dtype=float)
    weights = (1 - beta) ** 2 / (1 - square) * (1 - square**age) / (1 - beta**age) ** 2 * (1 - ratio**age) / (1 - ratio)
    return float(max(weights.max(), (1 - beta) ** 2 / ((1 - square) * (1 - ratio))))
