"""Statements of one's own: files of them, proofs under a time limit, verdicts, their ledger."""
