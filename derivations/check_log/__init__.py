"""``normlaw check-log``: the ledger's laws put to the log of a real training.

`records` arranges a log, `rounding` says how far its arithmetic may be off, one module a law compares, `hypotheses` says what the run
does not meet, `report` joins them and `text` prints. Formulas are the ledger's; what is logged comes from `numerics.training_log`,
which knows no law.
"""
