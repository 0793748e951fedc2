"""What can be said: expressions over the reals, vectors in Gram coordinates, domains, goals and certificates.

Data and definitions only. `theory.kernel` decides; `theory.refutation` looks for counterexamples.
"""
