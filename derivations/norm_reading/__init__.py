"""Norms read by the ledger's formulas: concentrations of rows, and how far the reading is from Bayes as hypotheses are dropped.

Here and not in `numerics`, which knows no law; evidence for laws must not use it. Needs scikit-learn (the extra ``audit``).
"""
