"""Claims of one's own: a small language of vectors and scalars, and a prover for what is said in it.

``prove("dot(u, grad(L, u)) == 0", where={"L": "-cos(u, v)/tau"})`` answers with a `Result`; `loss` and `update` make
a loss and an update rule of this project from one expression each. Nothing in a text is ever evaluated as code.
"""

from theory.statements.counterexample import Counterexample
from theory.statements.prover import Result, prove
from theory.statements.records import Update, loss, update
from theory.statements.source import StatementError

__all__ = ["Counterexample", "Result", "StatementError", "Update", "loss", "prove", "update"]
