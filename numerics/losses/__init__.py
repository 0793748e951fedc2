"""The losses that can be simulated. To add one: write its file, and name it in LOSSES."""

from __future__ import annotations

from typing import Any

from numerics.compiled import inner
from numerics.losses import cosine_regression, dot_product_infonce, infonce
from numerics.losses.definition import Loss
from numerics.validation import InvalidInput

LOSSES: tuple[Loss, ...] = (
    cosine_regression.LOSS,
    infonce.LOSS,
    dot_product_infonce.LOSS,
)


def code(name: str) -> int:
    """The place of the loss ``name`` in LOSSES, by which kernels know it. Raises ``InvalidInput``."""
    for place, loss in enumerate(LOSSES):
        if loss.name == name:
            return place
    raise InvalidInput(f"loss = {name!r} must be one of {', '.join(loss.name for loss in LOSSES)}")


def _either(place: int, mine: Any, others: Any) -> Any:
    @inner
    def chosen(asked, *arguments):  # type: ignore[no-untyped-def]
        if asked == place:
            return mine(*arguments)
        return others(asked, *arguments)

    return chosen


def _by_code(functions: list[Any]) -> Any:
    """One compiled function of (code, arguments...) that calls the function at that place."""
    last = functions[-1]

    @inner
    def chosen(asked, *arguments):  # type: ignore[no-untyped-def]  # noqa: ARG001
        return last(*arguments)

    for place in reversed(range(len(functions) - 1)):
        chosen = _either(place, functions[place], chosen)
    return chosen


slopes = _by_code([loss.slopes for loss in LOSSES])
slope_tangents = _by_code([loss.slope_tangents for loss in LOSSES])
