"""Heat as the ledger has it, in numbers: the curve against concentration, the quadrature for InfoNCE."""
