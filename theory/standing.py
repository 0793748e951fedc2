"""What keeps a claim from being a law: that it was not proved, or rests on one that does not stand. Needs no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NOT_STAND = ("does not stand", "do not stand")
FALL_SHORT = ("falls short", "fall short")
NOT_RUN = ("was not run", "were not run")


def refusal(outcome: str) -> str:
    """How a reader is told, before anything else, of a claim that was not proved."""
    return "The kernel refutes this." if outcome == "refuted" else "The kernel did not prove this."


def behind(name: str, uses: Mapping[str, Sequence[str]]) -> set[str]:
    """All that a claim is derived from, at whatever remove; ``uses`` are the lemmas of each claim by its id."""
    found, waiting = set[str](), [name]
    while waiting:
        new = set(uses.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found - {name}


def what_it_rests_on(labels: Sequence[str], verbs: tuple[str, str] = NOT_STAND) -> str:
    """``rests on A1, B2, which do not stand``, for a claim and the lemmas behind it that do not; empty without any."""
    return f"rests on {', '.join(labels)}, which {verbs[len(labels) > 1]}" if labels else ""


def with_what_it_rests_on(outcome: str, rests: str) -> str:
    """``proved, but rests on A1, ...`` or ``refuted, and rests on A1, ...``: the outcome alone where it ``rests`` on nothing that fell."""
    return f"{outcome}, {'but' if outcome in ('proved', 'numeric-only') else 'and'} {rests}" if rests else outcome
