r"""Formulas that stand in prose as plain text, such as ``eta lambda = 2`` or ``exp(kappa t + t^2)``, set as math.

Records are read on terminals too, so their words have formulas in plain letters. A formula is a run of signs, letters, Greek names,
powers and calls between words; what is not clearly one stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_GREEK = ["alpha", "beta", "gamma", "delta", "epsilon", "eta", "kappa", "lambda", "mu", "phi", "pi", "rho", "sigma", "tau", "theta"]
_CALLS = {
    "sqrt": "", "exp": r"\exp", "ln": r"\ln", "log": r"\ln", "asin": r"\arcsin", "cos": r"\cos", "sin": r"\sin",
    "cosh": r"\cosh", "sinh": r"\sinh", "min": r"\min", "max": r"\max",
}  # fmt: skip
_CALLED = "|".join(sorted(_CALLS, key=len, reverse=True))
_NAME = rf"(?:d[tuBW]|[A-Za-z]|(?:{'|'.join(_GREEK)}))(?:'|(?:_(?:\{{[^}}]*\}}|\w+|\*|[-+](?!\w))))*\*?"
_NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
_POWER = r"(?:\^(?:-?\w+|\{[^}]*\}|\*)?)"
_GROUP = "\x01\\d+\x02"  # a bracket, put aside
_UNIT = rf"(?:(?:{_CALLED}){_POWER}?{_GROUP}|(?:{_NUMBER})?{_NAME}|{_NUMBER}|{_GROUP}(?:{_NAME})?){_POWER}?(?:{_GROUP}{_POWER}?)*"
_TERM = re.compile(rf"-?{_UNIT}(?:[*/+-]-?{_UNIT})*")
_SIGN = re.compile(r"(?:=|<=|>=|<|>|\+|-|->|~|/)$")
_LETTERS = {"a", "A", "I"}  # words, too
_PUNCTUATION = re.compile(r"^([(\x03]*)(.*?)([)\x04,;:.?!]*)$", re.DOTALL)


def with_formulas(text: str) -> str:
    """The text with its formulas between dollar signs; text in backticks stays as it is."""
    return "".join(part if i % 2 else _marked(part) for i, part in enumerate(re.split(r"(`[^`]*`)", text)))


def _marked(text: str) -> str:
    held: list[str] = []
    flat = _put_aside(text, held)
    out, run = list[str](), list[str]()
    for word in re.split(r"( +|\n+)", flat):
        before, body, stop = _PUNCTUATION.match(word).groups()  # type: ignore[union-attr]
        if not word.strip():
            (run if run else out).append(word)
        elif _kind(body):
            if before:
                out += [*_ended(run, held), before]
                run = []
            run.append(body)
            if stop:
                out += [*_ended(run, held), stop]
                run = []
        else:
            out += [*_ended(run, held), _back(word, held)]
            run = []
    return "".join([*out, *_ended(run, held)])


def _put_aside(text: str, held: list[str]) -> str:
    """Innermost brackets and bars with a formula in them become one character each; others stay."""
    before = ""
    while before != text:
        before = text
        text = re.sub(r"\(([^()\x00]*)\)", lambda m: _hold(m, held, "()"), text)
    text = text.replace("\x03", "(").replace("\x04", ")")
    return re.sub(r"\|([^|\s][^|]*)\|", lambda m: _hold(m, held, "||"), text)


def _hold(m: re.Match[str], held: list[str], ends: str) -> str:
    inside, called = m[1], re.search(rf"(?:{_CALLED})(?:\^\w+)?$", m.string[: m.start()])
    glued = m.start() > 0 and m.string[m.start() - 1] in "^/*-" and not m.string[m.end() : m.end() + 1].isalpha()
    parts = re.split(r", ?", inside)
    words = [w for part in parts for w in part.split()]
    formula = bool(words) and all(_kind(w) for w in words)
    applied = len(words) == 1 and re.search(rf"(?<![A-Za-z])(?:{_NAME})$", m.string[: m.start()]) is not None
    signed = any(_SIGN.match(w) for w in words) or any(_kind(w) == 2 for w in words) or len(words) > 1
    if formula and (len(parts) == 1 or called) and (called or glued or applied or signed or ends == "||"):
        if ends == "()" and not (called or glued or applied) and any(w in ("=", "<", ">", "<=", ">=") for w in words):
            return f"\x03{inside}\x04"  # "(b = 8)" stays prose with a formula in it
        held.append(ends[0] + inside + ends[1])
        return f"\x01{len(held) - 1}\x02"
    return f"\x03{inside}\x04" if ends == "()" else m[0]


def _kind(word: str) -> int:
    """2: certainly of a formula; 1: if it stands beside such; 0: a word."""
    if _SIGN.match(word):
        return 1
    if re.fullmatch(rf"(?:{_CALLED})", word):
        return 1
    if not _TERM.fullmatch(word):
        return 0
    if re.fullmatch(r"-?" + _NUMBER, word):
        return 2 if "e" in word else 1
    if word in _LETTERS:
        return 1
    return 2


def _ended(run: list[str], held: list[str]) -> Iterator[str]:
    """A run as text and formula: signs, articles and lone numbers at its ends are none of it."""
    words = list(run)
    start, end = 0, len(words)

    def loose(i: int, after: bool) -> bool:
        word = words[i]
        if not word.strip():
            return True
        if word in _LETTERS:
            near = [w for w in words[i + 1 : i + 3] if w.strip()] if after else []
            past = [w for w in words[max(0, i - 2) : i] if w.strip()]
            return not (any(_SIGN.match(w) for w in (near or past)) or (not after and word == "A" and past))
        return _SIGN.match(word) is not None

    while start < end and loose(start, after=True):
        start += 1
    while end > start and loose(end - 1, after=False):
        end -= 1
    inside = [w for w in words[start:end] if w.strip()]
    yield _back("".join(words[:start]), held)
    if inside and (any(_kind(w) == 2 for w in inside) or (len(inside) > 1 and any(_SIGN.match(w) for w in inside))):
        yield f"${_set(_back(''.join(words[start:end]), held))}$"
    else:
        yield _back("".join(words[start:end]), held)
    yield _back("".join(words[end:]), held)


def _back(text: str, held: list[str]) -> str:
    while "\x01" in text:
        text = re.sub(r"\x01(\d+)\x02", lambda m: held[int(m[1])], text)
    return text.replace("\x03", "(").replace("\x04", ")")


def _set(text: str) -> str:
    """Plain letters of a formula as LaTeX."""
    text = _roots(text)
    text = re.sub(r"\b([uvw])\^(?![\w({*-])", r"\\hat \1", text)
    text = re.sub(r"\^\(([^()]*)\)", r"^{\1}", text)
    text = re.sub(r"\^(-\w+|\w{2,})", r"^{\1}", text)
    text = re.sub(r"(?<=\w)\*(?=\^|\W|$)(?!\s*\*)", "_*", re.sub(r"_\*", "\x05", text)).replace("\x05", "_*")
    text = re.sub(r"_([A-Za-z0-9]{2,})", r"_{\1}", text)
    text = re.sub(r"\b(?:1e|(\d+(?:\.\d+)?)e)(-?\d+)", lambda m: (rf"{m[1]} \cdot " if m[1] else "") + f"10^{{{m[2]}}}", text)
    text = re.sub(r"\bE (?=[A-Za-z|(])|\bE(?=\|)", r"\\mathbb{E} ", text)
    text = re.sub(r"\|(cos[^|]*|[A-Za-z]_\w+|[a-z]\\?_\{\w+\})\|", r"\\lvert \1\\rvert", text)
    text = re.sub(r"\|([^|]+)\|", r"\\lVert \1\\rVert", text)
    text = re.sub(rf"(?<![A-Za-z\\])({'|'.join(_GREEK)})(?![A-Za-z])", r"\\\1", text)
    text = re.sub(rf"(?<![A-Za-z\\])({_CALLED})(?![A-Za-z])", lambda m: _CALLS[m[1]], text)
    for sign, command in (("->", r"\to"), (">=", r"\ge"), ("<=", r"\le"), ("~", r"\sim")):
        text = text.replace(sign, command)
    return text


def _roots(text: str) -> str:
    while (found := re.search(r"(?<![A-Za-z\\])sqrt\(", text)) is not None:
        depth, i = 1, found.end()
        while i < len(text) and depth:
            depth += (text[i] == "(") - (text[i] == ")")
            i += 1
        text = rf"{text[: found.start()]}\sqrt{{{text[found.end() : i - 1]}}}{text[i:]}"
    return text
