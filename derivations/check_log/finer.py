"""Gradients that are more exact than the setting says: computed in a finer format, or with fewer terms added up.

A bound of the radial part that is tighter than rounding asks for proves more, if it is kept. So where the bound that the setting
makes is too wide to tell a gradient from its own rounding, tighter ones are tried: where every record keeps one, the right angle holds
within it, and what rounding leaves of radial parts in the laws of steps is no larger than that, since it was measured.
"""

from __future__ import annotations

from dataclasses import replace

from derivations.check_log import angle, rounding
from derivations.check_log.finding import HOLDS, SILENT, Ledger
from derivations.check_log.records import Records

FINER = ("float32", "float64")


def refined(of: Records, ledger: Ledger) -> Records:
    """The log with the first of the tighter bounds that all its gradients keep and that tells; as it is, if there is none."""
    if not of.has_gradient.any() or angle.check(of, ledger)[0].verdict != SILENT:
        return of
    declared = of.setting.arithmetic
    formats = [declared, *(name for name in FINER if rounding.unit(name) < rounding.unit(declared))]
    for arithmetic in formats:
        for terms in dict.fromkeys((of.setting.terms, 1)):
            tight = Records(replace(of.log, setting=replace(of.setting, arithmetic=arithmetic, terms=terms)))
            if angle.check(tight, ledger)[0].verdict == HOLDS:
                return tight
    return of


def words(of: Records, tight: Records) -> str:
    """What was tightened."""
    if of is tight:
        return ""
    finer = [f"computed in {tight.setting.arithmetic}"] * (tight.setting.arithmetic != of.setting.arithmetic)
    fewer = ["of one term"] * (tight.setting.terms != of.setting.terms)
    return f"gradients are as exact as if {' and '.join(finer + fewer)}: judged by that, which is tighter than the setting says"
