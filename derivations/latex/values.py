"""The point at which the kernel refuted a statement, and by how much: names and figures as one reads them on paper."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from derivations.latex.limits import limit_latex
from derivations.latex.printed import printed_latex
from derivations.latex.words import plain_latex
from theory.kernel import Verdict
from theory.typeset import tidy

_JET = re.compile(r"Jet\((?P<loss>\w+), (?P<scale>[^,]+), (?P<radial>\d+)(?P<members>(?:, Direction\([^()]*\))*)\)")
_MEMBER = re.compile(r"Direction\(\w+, (\w+)\)")
_FUNCTION = re.compile(r"\((?P<name>\w+), \((?P<at>[^(),]+),\), \(\(0, (?P<order>\d)\),\)\)")
_NAME = re.compile(r"[A-Za-z]+\d*(_[\w+*-]+)?'*(\([\d/]+\))?")
_FIGURE = re.compile(r"(?<![\w.])(?P<mantissa>-?\d+\.\d+)(?:e(?P<exponent>[-+]?\d+))?(?![\w.])")
_MUST = re.compile(r"(?P<what>(?!\w+ (?!must)[A-Za-z])[-+*/^()| \w]+) must (?P<be>\w.*)")
_LONG_POINT = 24  # characters: a vector that is longer may be broken after its commas
_LONG_INTEGER = re.compile(r"\d{13,}")
_DIGITS = 3  # of a figure that only shows how far off a statement is
_LARGE = 1e5  # from here with a power of ten
_BEYOND = 300  # powers of ten: what is smaller or larger is said to be, no more


def values_latex(verdict: Verdict, positive: Collection[str] = ()) -> str:
    """The point at which the kernel refuted the statement; ``positive`` letters are known to be that."""
    known = dict(verdict.values)
    growth = [f"grows as ${limit_latex(known.pop('leading'), positive)}$"] if "leading" in known else []
    at = [f"at {point_latex(known)}"] if known else []
    words, limit, value = verdict.detail.partition("the limit is ")
    return "; ".join([*at, *growth, _detail(words) + (f"{limit}${limit_latex(value, positive)}$" if limit else "")])


def point_latex(values: Mapping[str, str]) -> str:
    """Names and what they are at a point, one after the other."""
    return ", ".join(_assignment(name, value) for name, value in sorted(values.items()))


def _detail(words: str) -> str:
    """What the kernel said, its figures with so many digits as anybody reads, what it asks of formulas with these set as such."""
    return "; ".join(map(_said, words.split("; ")))


def _said(words: str) -> str:
    if asked := _MUST.fullmatch(words):
        return f"${printed_latex(asked['what'])}$ must {plain_latex(asked['be'])}"
    return _FIGURE.sub(lambda found: _rounded(found["mantissa"], int(found["exponent"] or 0)), plain_latex(words))


def _rounded(mantissa: str, exponent: int) -> str:
    """``2.74140e-7`` as ``2.74 \\cdot 10^{-7}``, ``9.00000`` as 9: no zeros at the end."""
    if abs(exponent) > _BEYOND:
        return rf"{'less' if exponent < 0 else 'more'} than $10^{{{_BEYOND if exponent > 0 else -_BEYOND}}}$"
    value = float(mantissa) * 10.0**exponent
    if 10.0**_DIGITS <= abs(value) < _LARGE:
        return f"${value:.0f}$"
    digits, e, power = f"{value:.{_DIGITS}g}".partition("e")
    if not e:
        return f"${digits}$"
    return (rf"${digits} \cdot 10^{{{int(power)}}}$").replace(r"$1 \cdot ", "$")


def _assignment(name: str, value: str) -> str:
    if jet := _JET.fullmatch(name):
        below = "r" * int(jet["radial"]) + "".join(_MEMBER.findall(jet["members"]))
        at = "" if jet["scale"] == "1" else rf"|_{{{printed_latex(jet['scale'])}u}}"
        order = rf"\partial_{{{below}}}" if below else ""
        return f"${order}{jet['loss']}{at} = {printed_latex(value)}$"
    if function := _FUNCTION.fullmatch(name):
        primes = "'" * int(function["order"])
        return f"${printed_latex(function['name'])}{primes}({function['at']}) = {printed_latex(value)}$"
    if _NAME.fullmatch(name) and re.fullmatch(r"[-\w/., ()*]+", value):
        letters = name.rstrip("'")
        primes = name[len(letters) :]
        sign = r"\approx" if _LONG_INTEGER.search(value) else "="
        short = _LONG_INTEGER.sub(lambda found: _shortened(found[0]), printed_latex(value))
        text = f"${_written(letters)}{primes} {sign} {short}$"
        return text.replace(", ", ",$ $") if len(value) > _LONG_POINT else text
    return plain_latex(f"{name} = {value}")


def _written(name: str) -> str:
    """A name; a member of a family with its index below, as the printer writes it."""
    family, _, index = name.partition("(")
    if not index or "/" in index:
        return printed_latex(name)
    base, _, tag = printed_latex(family).partition("_")
    return tidy(f"{base}_{{{tag.strip('{}')},{index[:-1]}}}" if tag else f"{base}_{{{index[:-1]}}}")


def _shortened(digits: str) -> str:
    mantissa, _, power = f"{int(digits):.{_DIGITS - 1}e}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(power)}}}"
