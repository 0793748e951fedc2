"""What a title promises stands in the statement, and not in the proof alone."""

from __future__ import annotations

import pytest

from theory.catalogue import catalogue
from theory.typesetting.goals import goal_lines
from theory.typesetting.notebook import conclusions

PROMISED = {
    "three-heats": r"\frac{1}{\eta}\,\frac{d}{dt} \lVert u\rVert^2\Big|_{T=0} = 0",
    "heavy-ball-equilibrium": r"r_*^4 = r_*^2\, \mathbb E\lVert u_{k+1}\rVert^2 = ",
    "decay-is-a-growing-learning-rate": r"\eta_{k+1}/\eta_k = \frac{1}{q^2}",
    "adamw-equilibrium": r"\frac{2(1-\cos\delta)}{\eta\lambda} \to \frac{2 (1 - \beta)}{1 + \beta}",
    "lion-equilibrium-by-arcsines": r"r_*^2 = \mathbb E\lVert u'\rVert^2\big|_{r_*} = ",
    "nearest-rounding-stops-at-a-plateau": r"\big|_{r < r_{\mathrm{plateau}}} > ",
}


@pytest.mark.parametrize(("name", "line"), PROMISED.items(), ids=PROMISED)
def test_what_a_title_promises_is_concluded(name: str, line: str) -> None:
    assert any(line in shown for step in conclusions(catalogue()[name]) for shown in goal_lines(step.goal))


def test_a_fall_that_balances_is_named_where_it_is_concluded() -> None:
    cases = [step.case for step in conclusions(catalogue()["accumulated-steps-grow-logarithmically"])]
    for fall in (r"A = 2 \eta/(\lambda (2 - \eta \lambda))", r"A = \eta/(\lambda (2 - \eta \lambda))"):
        assert any(r"$\lVert u_k\rVert^2 = A/k$" in case and fall in case for case in cases)
