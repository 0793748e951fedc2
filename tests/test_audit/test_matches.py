"""What the logistic regression of reliability is given."""

from __future__ import annotations

import numpy as np

from derivations.audit.matches import bent


def test_bent_columns_are_values_and_powers_of_ranks_about_their_middle() -> None:
    values = np.array([[3.0], [1.0], [1.0], [9.0]])
    ranks = np.array([0.2, -0.4, -0.4, 0.6])  # 3, 1 1/2, 1 1/2 and 4 of 4, from -1 at place 0 to 1 at place 5
    np.testing.assert_allclose(bent(values), np.column_stack([values, ranks, ranks**2, ranks**3]), rtol=1e-12)
