"""Where theory and numerics meet: evidence, ledger, LaTeX and the command line."""
