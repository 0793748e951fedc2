"""One module a figure: ``data(seed, effort)`` simulates, reads the ledger's formulas and compares; ``draw`` only draws.

Of each module: ``TITLES``, one a panel, sentences that say what is seen; ``LAYOUT``; ``data``; ``draw(data, panels, style)``.
"""
