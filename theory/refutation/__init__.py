"""Counterexamples: exact points drawn from a domain, and rigorous evaluation there.

Nothing here proves. A refutation is an exact point of the domain at which both sides are enclosed by balls that
exclude what was claimed.
"""
