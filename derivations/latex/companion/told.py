"""The broken variants of a law as a list: each with its formulas, and where and how it is caught, nothing said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from derivations.latex.layout import INDENT, WIDTH
from derivations.latex.naming import Names
from derivations.latex.values import point_latex
from derivations.latex.where import fitted, part_rows
from derivations.latex.words import words_latex
from theory.claims import Claim
from theory.kernel import Status

_LIST = r"""\csname @beginparpenalty\endcsname=10000
\begin{itemize}\small\raggedright\setlength{\itemsep}{5pt}\setlength{\parskip}{0pt}\lineskiplimit=1pt\lineskip=4pt"""
_BELOW = r"\par\nobreak\vskip1pt\noindent "
_ROW = WIDTH - 3 * INDENT  # average letters of a side of a fraction
_GOES_ON = re.compile(r"[a-z]|.{0,14}$")  # the words of a step that say nothing without the step before
_OPEN = re.compile(r" (?:at most|at least|by|than|from|to|is|and|grows)[.,;: ]*$")  # and those that go on in its formula


@dataclass(frozen=True)
class Caught:
    """A broken variant: what is wrong, its formulas (LaTeX, each beside the true one), what the kernel said, of which step, and where.

    ``weaker`` is a bound that holds because the law's does; ``equals`` says of a bound that the part of the step which failed is an
    equation, ``equation`` is that part where it is not the bound itself and shows what was changed.
    """

    words: str
    formulas: tuple[str, ...]
    status: str
    found: str
    step: str
    values: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None
    case: str = ""
    weaker: bool = False
    equation: str = ""
    equals: bool = False

    @property
    def kind(self) -> str:
        """How it is caught: a true bound is ``weaker``, and one of which only an equation was refuted is undecided as a bound."""
        open_ = self.equals and not self.equation
        return "weaker" if self.weaker else Status.UNDECIDED.value if open_ else self.status


@dataclass
class _Told:
    """What stands in the list of a law already: the steps that were quoted, and the values said last."""

    names: Names = field(default_factory=Names)
    steps: set[str] = field(default_factory=set)
    values: str = ""


def law(claim: Claim, some: Sequence[Caught], own: Mapping[str, str]) -> list[str]:
    """The variants of a law; ``own`` explains letters that stand in them alone."""
    told = _Told()
    title = rf"\paragraph{{Law~\ref{{claim:{claim.id}}}.}} {words_latex(claim.title)}."
    items = [_item(of, told) for of in some]
    return [title, *_letters(own), _LIST, *items, r"\end{itemize}"]


def _letters(own: Mapping[str, str]) -> Iterator[str]:
    if own:
        yield rf"Here {', '.join(f'${name}$ is {words_latex(what)}' for name, what in own.items())}."


def _item(of: Caught, told: _Told) -> str:
    formulas = "".join(_formula(text, told.names) for text in of.formulas)
    said = r"\textbf{proved: this variant is not caught.}" if of.status == Status.PROVED.value else f"{_verdict(of, told)}."
    return rf"\item {words_latex(of.words)}:{formulas}{_BELOW}{said}"


def _formula(text: str, names: Names) -> str:
    """Below the words, whole: broken where it must be, and with names for the parts of a long one."""
    short, parts = names.named(text, _ROW)
    rows = fitted(short)
    return "\n".join([rf"{_BELOW}\hspace*{{1em}}{{\advance\linewidth by -4em{rows}}}", *part_rows(parts)])


def _verdict(of: Caught, told: _Told) -> str:
    """What the kernel says of a variant, where, and in which step."""
    refuted = of.status == Status.REFUTED.value
    if of.weaker:
        head = "true, and weaker than the law's bound, from which it follows"
        return f"{head}; put in its place it breaks {_broken(of, told)}" if refuted else f"{head}: the simulation alone rejects it"
    if not refuted:
        return rf"\textbf{{undecided}} ({of.found}), {_step(of, told)}"
    return _refuted(of, told)


def _refuted(of: Caught, told: _Told) -> str:
    if of.equals and not of.equation:
        return rf"\textbf{{undecided}} as a bound; an equation that has it is refuted{_found(of, told)}, {_step(of, told)}"
    what = f"refuted as ${of.equation}$" if of.equation else "refuted"
    return f"{what}{_found(of, told)}, {_step(of, told)}"


def _broken(of: Caught, told: _Told) -> str:
    """The step that a weaker bound breaks: what it says with it, where that shows, and where it is wrong."""
    said = f"${of.equation}$ in " if of.equation else ""
    step, found = _step(of, told), _found(of, told)
    return f"{said}{step[:-1]}; {found[2:]}" if found and step.endswith(")") else f"{said}{step}{found}"


def _found(of: Caught, told: _Told) -> str:
    found = "; ".join(filter(None, (_at(of, told), of.found)))
    return f" ({found})" if found else ""


def _at(of: Caught, told: _Told) -> str:
    values = point_latex({name: value for name, value in of.values.items() if name != "leading"})
    again, told.values = bool(values) and values == told.values, values or told.values
    return "at the same values" if again else f"at {values}" if values else ""


def _step(of: Caught, told: _Told) -> str:
    """The step by its number, and in its own words where it is named first and these say something."""
    words = words_latex(of.step.rstrip(".,;: ")) + r"~\dots" * (_OPEN.search(of.step) is not None)
    if of.number is None:
        return f"in ``{words}''"
    named, goes_on = of.step in told.steps, _GOES_ON.match(of.step) is not None
    told.steps.add(of.step)
    more = "" if named else f" ({words_latex(of.case)})" if goes_on and of.case else "" if goes_on else f" (``{words}'')"
    return f"step~{of.number}{more}"
