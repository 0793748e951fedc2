"""LaTeX as one line of text: what is known becomes Unicode, what is not loses its backslash."""

from __future__ import annotations

import re
import unicodedata


def _table(pairs: str) -> dict[str, str]:
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_SYMBOLS = _table(
    """le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ to → rightarrow → mapsto ↦ infty ∞ sum ∑ prod ∏ int ∫ partial ∂
    nabla ∇ perp ⊥ cdot · times × approx ≈ sim ~ propto ∝ in ∈ pm ± Rightarrow ⇒ iff ⇔ Leftrightarrow ⇔
    ldots … dots … cdots … mid | lVert ‖ rVert ‖ Vert ‖ | ‖ lvert | rvert | langle ⟨ rangle ⟩ colon :
    equiv ≡ ell ℓ lfloor ⌊ rfloor ⌋ ll ≪ gg ≫ { { } } % % top ᵀ succeq ⪰ prime ′ forall ∀ exists ∃
    subset ⊂ cup ∪ cap ∩ circ ∘ odot ⊙ _ _"""
)
_SPACED = set("≤≥≠→↦⊥≈~∝∈⇒⇔≡≪≫=<>⪰×±+")
_OPENING = "(=<>≤≥,;→⟨|{[+-/·"  # after these a minus is a sign
_SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "quad": "  ", "qquad": "  ", "!": "", "\\": " ", "/": ""}
_NOTHING = re.compile(r"left|right|middle|[bB]igg?[lrm]?|(display|text)style|(no)?limits|(math)?strut|null")
_PLAIN = {
    "emph",
    "ensuremath",
    "mbox",
    "operatorname",
    "operatorname*",
    "text",
    "textbf",
    "textit",
    "boldsymbol",
}
_PLAIN |= {"mathrm", "mathit", "mathbf", "mathcal", "mathsf", "mathop"}
_MARKS = {"hat": 0x302, "widehat": 0x302, "bar": 0x304, "overline": 0x304, "tilde": 0x303, "dot": 0x307}
_ACCENTS = {name: chr(code) for name, code in {**_MARKS, "ddot": 0x308, "vec": 0x20D7}.items()}
_FUNCTIONS = {"log", "ln", "exp", "sin", "cos", "tan", "acos", "arccos", "arcsin", "arctan", "sinh", "cosh"}
_FUNCTIONS |= {"tanh", "min", "max", "lim", "sup", "inf", "Pr", "tr", "sign", "det"}
_APPLIED = re.compile(rf"\b({'|'.join(sorted(_FUNCTIONS))}) [^ ()]+$")
_GREEK = _table("varepsilon epsilon lambda lamda Lambda lamda varphi phi")
_DOUBLED = _table("R ℝ E 𝔼 N ℕ P ℙ Z ℤ")
_RAISED = dict(zip("0123456789+-=()niTkjm", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀᵏʲᵐ", strict=True)) | {"ᵀ": "ᵀ", "′": "′"}
_LOWERED = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\s+|.", re.DOTALL)
_INNER = re.compile(r"<(\w+), (\w[^<>=]*)>")
_GRADIENT = re.compile(r"grad(?:_(\w))? ")
_FINISHING = (
    (r"\s{2,}", " "),
    (r"\s+([,;.)⟩])", r"\1"),
    (r"\b(log|ln|exp|sin|cos|tan) (?=[(⁰¹²³⁻⁴⁵⁶⁷⁸⁹])", r"\1"),
    (r"(\))(?=[^\W\d_⁰-₎²³])", r"\1 "),
)


def plain_prose(text: str) -> str:
    """A sentence with ``$...$`` in it: the formulas converted, the words as they are."""
    parts = re.split(r"(?<!\\)\$", text)
    return "".join(plain_math(part) if i % 2 else part for i, part in enumerate(parts))


def measured_words(text: str) -> str:
    """What was measured: records write it in ASCII, as ``<u, grad L>``; here as formulas are written, ``⟨u, ∇L⟩``."""
    return _INNER.sub(lambda found: f"⟨{found[1]}, {_GRADIENT.sub(_nabla, found[2])}⟩", text)


def _nabla(found: re.Match[str]) -> str:
    return f"∇{_LOWERED.get(found[1], f'_{found[1]}')}" if found[1] else "∇"


def plain_math(latex: str) -> str:
    """One formula as one line of text."""
    reader = _Reader([t if not t.isspace() else " " for t in _TOKEN.findall(latex)])
    text = reader.until(None)
    for pattern, new in _FINISHING:
        text = re.sub(pattern, new, text)
    return text.strip()


class _Reader:
    """Reads tokens from left to right; every method returns text."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    def until(self, end: str | None) -> str:
        """Everything up to ``end``, which is taken too."""
        out = ""
        while self._at < len(self._tokens):
            token = self._take()
            if token == end:
                break
            out += self._piece(token, out)
        return out

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _argument(self) -> str:
        """A group in braces, or the next token with what belongs to it."""
        while self._at < len(self._tokens) and self._tokens[self._at] == " ":
            self._at += 1
        if self._at >= len(self._tokens):
            return ""
        token = self._take()
        return self.until("}") if token == "{" else self._piece(token, "")

    def _piece(self, token: str, before: str) -> str:
        if token == "{":
            return self.until("}")
        if token in "^_" and len(token) == 1:
            return _script(self._argument(), token)
        if token.startswith("\\") and len(token) > 1:
            if token[1].isalpha() and self._at < len(self._tokens) and self._tokens[self._at] == " ":
                self._at += 1  # the space that ends a command's name is not one
            return self._command(token[1:], before)
        if token == " " or token == "~":
            return " "
        if token == "&" or token == "}":
            return ""
        if token == "-":
            binary = before.strip() and before.rstrip()[-1] not in _OPENING
            return " - " if binary else "-"
        return f" {token} " if token in _SPACED else token

    def _command(self, name: str, before: str) -> str:
        if name in _SPACES:
            return _SPACES[name]
        if _NOTHING.fullmatch(name):
            return self._skip_dot()
        if name in ("frac", "tfrac", "dfrac"):
            above, below = self._argument(), self._argument()
            return f"{_numerator(above)}/{_denominator(below)} "
        if name == "sqrt":
            return self._root()
        if name in _ACCENTS:
            body = self._argument().strip()
            return unicodedata.normalize("NFC", body[:1] + _ACCENTS[name]) + body[1:]
        if name == "mathbb":
            letter = self._argument()
            return _DOUBLED.get(letter.strip(), letter)
        if name in _PLAIN:
            return " " * before[-1:].isalnum() + self._argument()
        if name in ("begin", "end"):
            self._argument()
            return " "
        ahead = self._tokens[self._at : self._at + 1]
        if name in ("ln", "log", "exp", "sin", "cos") and ahead in (["\\frac"], ["\\tfrac"]):
            return f"{_word(name, before)}({self._argument().strip()})"
        return _word(name, before)

    def _root(self) -> str:
        degree = ""
        if self._at < len(self._tokens) and self._tokens[self._at] == "[":
            self._at += 1
            degree = "".join(_RAISED.get(c, c) for c in self.until("]"))
        body = self._argument().strip()
        return f"{degree}√{body if len(body) == 1 or body.isdigit() else f'({body})'}"

    def _skip_dot(self) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at] == ".":
            self._at += 1
        return ""


def _word(name: str, before: str) -> str:
    """A symbol, a function's name, a Greek letter, or the name itself."""
    if name in _SYMBOLS:
        symbol = _SYMBOLS[name]
        return f" {symbol} " if symbol in _SPACED else symbol
    gap = " " if before and (before[-1].isalnum() or before[-1] in ")⟩‖") else ""
    if name.rstrip("*") in _FUNCTIONS:
        return f"{gap}{name} "
    shape = "SMALL" if name[0].islower() else "CAPITAL"
    try:
        letter = _GREEK.get(name, name)
        return unicodedata.lookup(f"GREEK {shape} LETTER {letter.upper()}")
    except KeyError:
        return f"{gap}{name} "


def _script(body: str, kind: str) -> str:
    table, body = (_RAISED, body.strip()) if kind == "^" else (_LOWERED, body.strip())
    tight = re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", body)
    if tight and all(c in table for c in tight):
        return "".join(table[c] for c in tight)
    return f"{kind}{body if len(body) == 1 else f'({tight})' if len(tight) < 12 else f'({body})'}"


def _numerator(body: str) -> str:
    """In parentheses if a sum or a fraction, or if a function is applied to what stands last."""
    body = body.strip()
    loose = any(c in _outside(body).lstrip("-") for c in "+-/") or _APPLIED.search(body)
    return f"({body})" if loose else body


def _denominator(body: str) -> str:
    """In parentheses unless it is a single symbol, number, norm or bracket."""
    body = body.strip()
    return body if re.fullmatch(r"\d+|[d∂]? ?.?", _outside(body)) else f"({body})"


def _outside(body: str) -> str:
    """What is left when every bracket is one sign, and scripts and accents are gone."""
    previous = ""
    while previous != body:
        previous, body = body, re.sub(r"\([^()]*\)|⟨[^⟨⟩]*⟩|‖[^‖]*‖", "¤", body)
    return "".join(c for c in body if c not in _SCRIPTS and not unicodedata.combining(c)).strip()


_SCRIPTS = {*_RAISED.values(), *_LOWERED.values()}
