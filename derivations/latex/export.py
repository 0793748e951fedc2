"""Every claim of the catalogue as files: LaTeX, Markdown or JSON, the same bytes on every run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from derivations.files import write_whole
from derivations.latex.document import NOTATION, master
from derivations.latex.fragment import proof_latex
from derivations.latex.markdown import claim_markdown, index_markdown
from derivations.latex.record import document
from numerics.validation import InvalidInput
from theory.catalogue import catalogue
from theory.claims import Proof, prove

Proofs = tuple[Proof, ...]


def export(out: Path, format: str, proofs: Proofs | None = None) -> list[Path]:
    """Write every claim under the folder ``out``, which is made if absent.

    ``format`` is ``latex``, ``markdown`` or ``json``; without ``proofs`` the whole catalogue is proved first.
    Returns the files in the order in which they were written; each appears whole or not at all. Raises
    `InvalidInput` for another format, or if ``out`` is a file or cannot be written.
    """
    if format not in FORMATS:
        raise InvalidInput(f"format must be one of {', '.join(FORMATS)}; got {format!r}")
    try:
        out.mkdir(parents=True, exist_ok=True)
        texts = FORMATS[format](proofs if proofs is not None else tuple(map(prove, catalogue())))
        for folder in dict.fromkeys((out / name).parent for name in texts):
            folder.mkdir(parents=True, exist_ok=True)
        return [write_whole(out / name, text) for name, text in texts.items()]
    except OSError as error:
        raise InvalidInput(f"out must be a folder that can be written; {out}: {error.strerror}") from error


def _latex(proofs: Proofs) -> dict[str, str]:
    fragments = {f"claims/{p.claim.id}.tex": proof_latex(p) + "\n" for p in proofs}
    return {**fragments, "notation.tex": NOTATION, "normlaw.tex": master(proofs)}


def _markdown(proofs: Proofs) -> dict[str, str]:
    return {**{f"{p.claim.id}.md": claim_markdown(p) for p in proofs}, "index.md": index_markdown(proofs)}


def _json(proofs: Proofs) -> dict[str, str]:
    return {"claims.json": json.dumps(document(proofs), indent=2, ensure_ascii=False) + "\n"}


FORMATS: Mapping[str, Callable[[Proofs], dict[str, str]]]
FORMATS = {"latex": _latex, "markdown": _markdown, "json": _json}
