"""Every claim of the catalogue as files: LaTeX, Markdown or JSON, the same bytes on every run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from derivations.files import write_whole
from derivations.latex.companion.bibliography import bibtex
from derivations.latex.companion.document import master
from derivations.latex.companion.pages import over_pages
from derivations.latex.fragment import proof_latex
from derivations.latex.macros import NOTATION
from derivations.latex.markdown import claim_markdown, index_markdown
from derivations.latex.plain import plain
from derivations.latex.record import document
from derivations.latex.resting import rested
from numerics.validation import InvalidInput
from theory.catalogue import catalogue
from theory.claims import Claim, Proof, prove

Proofs = tuple[Proof, ...]
Tell = Callable[[float, str], None]
_PROVING = 0.6  # of the time that LaTeX takes; the rest is for broken variants


@dataclass(frozen=True)
class Extras:
    """What a document may hold beside proofs: the ledger of a run, and names of figures that lie beside it."""

    ledger: Mapping[str, Any] | None = None
    figures: tuple[str, ...] = ()
    tell: Tell = field(default=lambda _fraction, _words: None)


def export(out: Path, format: str, proofs: Proofs | None = None, extras: Extras = Extras()) -> list[Path]:
    """Write every claim under the folder ``out``, which is made if absent.

    ``format`` is ``latex``, ``markdown`` or ``json``; without ``proofs`` the whole catalogue is proved first.
    Returns the files in the order in which they were written; each appears whole or not at all. Raises
    `InvalidInput` for another format, or if ``out`` is a file or cannot be written.
    """
    if format not in FORMATS:
        raise InvalidInput(f"format must be one of {', '.join(FORMATS)}; got {format!r}")
    try:
        out.mkdir(parents=True, exist_ok=True)
        texts = FORMATS[format](proofs if proofs is not None else proved(extras.tell), extras)
        for folder in dict.fromkeys((out / name).parent for name in texts):
            folder.mkdir(parents=True, exist_ok=True)
        return [write_whole(out / name, text) for name, text in texts.items()]
    except OSError as error:
        raise InvalidInput(f"out must be a folder that can be written; {out}: {error.strerror}") from error


def fragments(proofs: Proofs, format: str, *, plain_only: bool = False) -> str:
    """Some claims as one text to paste: LaTeX with the macros and BibTeX entries it needs, Markdown, or JSON."""
    if format == "markdown":
        return "\n".join(map(claim_markdown, proofs))
    if format == "json":
        return _json(proofs, Extras())["claims.json"]
    texts = [plain(proof_latex(p)) if plain_only else proof_latex(p) for p in proofs]
    entries = "".join(f"% {row}\n" for row in bibtex(p.claim for p in proofs).splitlines())
    sources = f"% For the bibliography:\n{entries}" if entries else ""
    head = "% Needs amsmath, amssymb, amsthm.\n" if plain_only else NOTATION
    return "\n".join([head + sources, *texts]) + "\n"


def proved(tell: Tell, claims: Sequence[Claim] | None = None) -> Proofs:
    """Some claims, or the catalogue, proved now, and the lemmas behind them."""
    claims = tuple(catalogue()) if claims is None else claims
    found = list[Proof]()
    for i, claim in enumerate(claims):
        tell(_PROVING * i / len(claims), f"proving {claim.label}")
        found.append(prove(claim))
    return rested(found)


def _latex(proofs: Proofs, extras: Extras) -> dict[str, str]:
    fragments = {f"claims/{p.claim.id}.tex": over_pages(proof_latex(p)) + "\n" for p in proofs}

    def later(fraction: float, words: str) -> None:
        extras.tell(_PROVING + (1 - _PROVING) * fraction, words)

    paper = master(proofs, extras.ledger, extras.figures, later)
    return {**fragments, "notation.tex": NOTATION, "normlaw.bib": bibtex(p.claim for p in proofs), "normlaw.tex": paper}


def _markdown(proofs: Proofs, _: Extras) -> dict[str, str]:
    return {**{f"{p.claim.id}.md": claim_markdown(p) for p in proofs}, "index.md": index_markdown(proofs)}


def _json(proofs: Proofs, _: Extras) -> dict[str, str]:
    return {"claims.json": json.dumps(document(proofs), indent=2, ensure_ascii=False) + "\n"}


FORMATS: Mapping[str, Callable[[Proofs, Extras], dict[str, str]]]
FORMATS = {"latex": _latex, "markdown": _markdown, "json": _json}
