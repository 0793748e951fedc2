"""Definitions that are not used, and derivatives of what does not depend on the variable."""

from __future__ import annotations

import pytest

from theory.statements import StatementError, prove
from theory.statements.kinds import read
from theory.statements.source import Source, Spot


def test_an_unused_definition_is_shown_with_a_caret_in_it() -> None:
    with pytest.raises(StatementError) as caught:
        prove("dot(u, grad(L, u)) == 0", {"l": "-dot(u, v)", "L": "-dot(u, v)"})
    assert caught.value.spot == Spot(Source("-dot(u, v)", "where l"), 0)
    with pytest.raises(StatementError, match="p is defined as one value, and has no members p"):
        prove("sum(p[j], j, 1, n) == 1", {"p": "exp(x)"})
    with pytest.raises(StatementError, match="M does not depend on u; is a definition missing"):
        prove("dot(u, grad(M, u)) == 0", {"M": "2*K"})


def test_a_dependence_through_definitions_and_members_is_seen() -> None:
    for text in ("grad(L, u) == 0", "grad(sum(dot(u, v[j]), j, 1, 3), v[2]) == u", "grad(dot(w, grad(L, u)), u) == 0"):
        read(text, {"L": "2*M", "M": "-dot(u, p)"} if "L" in text else {})
