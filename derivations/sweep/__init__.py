"""Sweeps: laws of the ledger over a whole design, every cell a row of a Parquet dataset. From here to there:

`axes` and `spec` (what may be asked for), `design` (the cells), `laws` (what a cell compares), `cell_work` (a chunk of
cells made into rows), `pool` and `cluster` (who does it), `engine` (what is done again), `dataset` (files), `coverage`,
`exponents` and `report` (what came out).
"""
