"""What a person sees of the records: `goals` sets formulas, `notebook` sets claims, proofs and verdicts.

Expressions themselves are set by `theory.typeset`.
"""
