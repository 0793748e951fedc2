"""Broken variants of A7b: what every check must catch."""

from __future__ import annotations

from theory.broken import Variants
from theory.catalogue import catalogue
from theory.notation import tau

CLAIM = catalogue()["slopes-of-softmax-losses"]
F = CLAIM.formulas
BROKEN: Variants = {
    "InfoNCE's positive is pulled twice": {"infonce_positive": 2 * F["infonce_positive"]},
    "InfoNCE's negatives pull": {"infonce_negative": -F["infonce_negative"]},
    "InfoNCE's total is halved": {"infonce_total": F["infonce_total"] / 2},
    "a learned temperature is missing": {"infonce_learned_temperature_positive": F["infonce_positive"].subs(tau, 1)},
    "the learned scale has the wrong sign": {"infonce_learned_temperature_by_s": -F["infonce_learned_temperature_by_s"]},
    "NT-Xent is that of CLIP": {"nt_xent_negative": F["clip_negative"]},
    "CLIP is not halved": {"clip_positive": 2 * F["clip_positive"]},
    "SupCon has no temperature": {"supcon_positive": tau * F["supcon_positive"]},
    "SupCon's total is halved": {"supcon_total": F["supcon_total"] / 2},
}
