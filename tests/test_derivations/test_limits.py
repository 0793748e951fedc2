"""A limit that the kernel found is printed factored, and as the kernel has it where it cannot be read."""

from __future__ import annotations

import pytest

from derivations.latex.limits import limit_latex


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("(2*beta**4 - 4*beta**2 + 2)/(beta + 1)", r"2 (1 - \beta)^2 (1 + \beta)"),
        ("(2 - 2*beta)/(beta + 1)", r"2 (1 - \beta)/(1 + \beta)"),
        ("V_***4*gamma/(2*V_***2*X_***2 + 4*X_***4)", r"\gamma V_*^4/(2 X_*^2 \left(V_*^2 + 2 X_*^2\right))"),
        ("|u|**(-2)", r"1/\lVert u\rVert^2"),
        ("1/|u|", r"1/\lVert u\rVert"),
        ("(2*p**2 - 4*p + 1)/(p**2 - 2*p + 1)", "(1 + 2 p^2 - 4 p)/(1 - p)^2"),
        ("kappa**(-4*k)", r"1/\kappa^{4 k}"),
        ("F(x)**(-2)", "F(x)^{-2}"),
    ],
)
def test_a_limit_is_factored(text: str, shown: str) -> None:
    assert limit_latex(text) == shown


def test_a_letter_is_positive_only_where_it_is_known_to_be() -> None:
    assert limit_latex("Abs(lambda)", {"lambda"}) == r"\lambda"
    assert r"\lambda" in limit_latex("Abs(lambda)")
    assert limit_latex("Abs(lambda)") != r"\lambda"
