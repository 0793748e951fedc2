"""The report: one HTML page of a run that works without a network, built from ledger.json, points.json and the catalogue.

``build`` reads and writes; ``page`` is the whole page, ``claim`` one claim, ``evidence`` and ``witnesses`` its measurements, ``plots``
and ``graph`` draw; ``formulas`` leaves LaTeX for KaTeX, which is in ``assets`` with the style and the script of the page.
"""
