r"""Long formulas with names for their parts, as on paper: what occurs more than once, and sides of fractions wider than a line.

A part that stands all over a fragment, such as the denominator of a softmax, has one name in all of it, said once.
Nothing is left out and nothing rewritten: `unfolded` puts the parts back and gives the printer's text, letter by letter; where it
would not, the formula stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from derivations.latex.chunks import bracketed, chunks, free_indices, indices, is_sum, term_end
from derivations.latex.widths import width

LONG = 112.0  # average letters, two lines: a shorter formula needs no names
_SHORTEST = 9.0  # average letters of a part worth a name
_GAIN = 24.0  # average letters that a name must save
_WIDE_PART, _GAIN_EVERYWHERE = 16.0, 168.0  # likewise of a part of a whole fragment: one line in three, and three lines
_MOST = 3  # names for a whole fragment: a reader keeps no more in mind
_TEMPORARY = re.compile(r"\\mathcal\{(\d+)\}")
_NAME = re.compile(r"(\{?)(\\math(?:cal|frak)\{(?:[A-Z]|\d+)\}(?:_\w|_\{\w+\})?)(?![\w{])(\}?)")


@dataclass(frozen=True)
class Part:
    """``name`` stands for ``body``; ``known`` if the same fragment said so before."""

    name: str
    body: str
    known: bool = False


@dataclass
class Names:
    """The names given within one fragment, so that a letter means one thing there."""

    everywhere: tuple[str, ...] = ()  # what has a name in every formula, whatever its length
    taken: dict[str, str] = field(default_factory=dict)  # the whole body, without names, to its letter
    said: dict[str, tuple[str, str]] = field(default_factory=dict)  # a typed name to what it was last said to be

    def named(self, text: str, line: float) -> tuple[str, tuple[Part, ...]]:
        """The formula and its parts in the order in which they are met; no side of a fraction is wider than ``line``."""
        texts, keys = _cut(text, line, self.everywhere)
        if not keys or unfolded(texts[0], {_temporary(i): body for i, body in enumerate(texts[1:])}) != text:
            return text, ()
        return self._lettered(texts, keys)

    def _lettered(self, texts: Sequence[str], keys: Sequence[tuple[str, ...]]) -> tuple[str, tuple[Part, ...]]:
        """Letters for the numbers, by first appearance; bodies seen before keep their letter."""
        bodies = {_temporary(i): body for i, body in enumerate(texts[1:])}
        order, queue, written = list[int](), [texts[0]], dict[int, tuple[str, bool]]()
        while queue:
            for number in map(int, _TEMPORARY.findall(queue.pop(0))):
                if number not in order:
                    order.append(number)
                    queue.append(texts[number + 1])
        for number in order:
            whole = unfolded(texts[number + 1], bodies)
            known = whole in self.taken
            written[number] = self.taken.setdefault(whole, _letter(len(self.taken))), known

        def lettered(body: str) -> str:
            return _TEMPORARY.sub(lambda found: written[int(found[1])][0] + _below(keys[int(found[1])]), body)

        told = {i for i in order if written[i][1] and unfolded(texts[i + 1], bodies) in self.everywhere}
        parts = (Part(lettered(_temporary(i)), lettered(texts[i + 1]), written[i][1]) for i in order if i not in told)
        return lettered(texts[0]), tuple(parts)

    def throughout(self, line: float) -> tuple[Part, ...]:
        """What has a name in every formula and none yet, to be said before them."""
        parts = list[Part]()
        for body in self.everywhere:
            if body not in self.taken:
                name = self.taken.setdefault(body, _letter(len(self.taken)))
                text, more = self.named(body, line)
                parts += [Part(name, text), *more]
        return tuple(parts)


def unfolded(text: str, bodies: Mapping[str, str]) -> str:
    """The text with every name replaced by what it stands for, in brackets where the printer puts them."""
    return _NAME.sub(lambda found: _put_back(found, bodies), text)


def _put_back(found: re.Match[str], bodies: Mapping[str, str]) -> str:
    before, name, after = found.groups()
    if name not in bodies:
        return found[0]
    body = unfolded(bodies[name], bodies)  # before its brackets are chosen: they depend on how tall it is
    return before + (body if (before and after) or not _is_bracketed(body, found) else bracketed(body)) + after


def _is_bracketed(body: str, found: re.Match[str]) -> bool:
    """Sums of terms as factors, bases of powers, and sums over an index that are not the last factor."""
    powered = found.string.startswith("^", found.end())
    last = term_end(found.string, found.end(2)) == found.end(2)
    return is_sum(body) or powered or (body.startswith(r"\sum") and not last)


def everywhere(lines: Sequence[str]) -> tuple[str, ...]:
    """Parts of the formulas of a fragment that save lines if they have one name in all of it: what saves most first."""
    texts, found = list(lines), list[str]()
    while len(found) < _MOST:
        counts = Counter(c.body for t in texts for c in chunks(t) if width(c.body) >= _WIDE_PART and "{0}" not in c.body)
        gains = {body: (count - 1) * width(body) for body, count in counts.items() if not free_indices(body, indices(" ".join(lines)))}
        best = max(gains, key=lambda body: (gains[body], body), default="")
        if not best or gains[best] < _GAIN_EVERYWHERE:
            break
        found.append(best)
        texts = [_replaced(t, best, _temporary(0)) for t in texts]
    return tuple(found)


def _cut(text: str, line: float, first: Sequence[str] = ()) -> tuple[list[str], list[tuple[str, ...]]]:
    """The formula and its parts with numbers for names, and the indices of each; those in ``first`` whatever they save."""
    texts, keys, letters, refused = [text], list[tuple[str, ...]](), indices(text), set[str]()
    waiting = [body for body in first if body != text]
    while (body := waiting.pop(0) if waiting else _next(texts, line, refused)) is not None:
        name = _temporary(len(keys))
        new = [_replaced(t, body, name) for t in texts]
        if new == texts or [unfolded(t, {name: body}) for t in new] != texts:
            refused.add(body)
            continue
        keys.append(free_indices(body, letters))
        texts = [*new, body]
    return texts, keys


def _next(texts: Sequence[str], line: float, refused: set[str]) -> str | None:
    """What should have a name next: what saves most, then what does not fit a line."""
    if max(map(width, texts)) > LONG:
        counts = Counter(c.body for t in texts for c in chunks(t) if c.body not in refused and _is_worth_a_name(c.body, t))
        gains = {body: (count - 1) * width(body) for body, count in counts.items()}
        best = max(gains, key=lambda body: (gains[body], body), default="")
        if best and gains[best] >= _GAIN:
            return best
    return next((body for t in texts for body in _wide(t, line) if body not in refused), None)


def _is_worth_a_name(body: str, text: str) -> bool:
    return body != text and width(body) >= _SHORTEST and not _TEMPORARY.fullmatch(body)


def _wide(text: str, line: float) -> Iterator[str]:
    """Sides of fractions that do not fit a line, the outer before the inner."""
    for chunk in chunks(text):
        side = text[chunk.start - 1 : chunk.start] == "{" and text[chunk.end : chunk.end + 1] == "}"
        if side and width(chunk.body) > line:
            yield chunk.body


def _replaced(text: str, body: str, name: str) -> str:
    """Every place where the part stands, from the last to the first; nothing inside another of them."""
    for chunk in reversed([c for c in chunks(text) if c.body == body]):
        text = text[: chunk.start] + name + text[chunk.end :]
    return text


def _temporary(number: int) -> str:
    return rf"\mathcal{{{number}}}"


def _letter(number: int) -> str:
    alphabet = "cal" if number < len(ascii_uppercase) else "frak"
    return rf"\math{alphabet}{{{ascii_uppercase[number % len(ascii_uppercase)]}}}"


def _below(key: tuple[str, ...]) -> str:
    return f"_{{{''.join(key)}}}" if len(key) > 1 else f"_{key[0]}" if key else ""
