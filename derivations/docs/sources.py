"""All pages of the site, by their paths: those that people wrote in ``docs/``, and those that come from the records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from derivations.docs.cells import rendered
from derivations.docs.pages import CHAPTERS, Verdicts, chapter_pages, claim_pages, falls_short, index_page
from derivations.docs.reference import reference_pages
from theory.claims import Proof

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ROOT / "docs"
TUTORIAL = WRITTEN / "tutorial.py"
_EXAMPLE = re.compile(r" `normlaw verify \w+` says of it:\n+```\n.*?\n```\n?", re.DOTALL)
HOW_TO = ("add-a-loss", "add-an-optimiser", "add-a-law", "bring-a-claim", "audit-embeddings", "run-a-sweep-on-a-cluster", "cite")


def sources(proofs: Sequence[Proof], verdicts: Verdicts, tutorial: str | None = None) -> dict[str, str]:
    """Every page; the tutorial is run for its page unless its text is given."""
    short = falls_short(proofs, verdicts)
    return {
        "index.md": front_page(short),
        "tutorial.md": _below_title(rendered(TUTORIAL) if tutorial is None else tutorial, short),
        **{f"how-to/{name}.md": how_to(name) for name in HOW_TO},
        "how-to/index.md": _index("How to", HOW_TO),
        **chapter_pages(proofs, verdicts),
        "chapters/index.md": _index("The laws, as lecture notes", tuple(CHAPTERS)),
        **claim_pages(proofs, verdicts),
        "claims/index.md": index_page(proofs),
        **reference_pages(),
    }


def how_to(name: str) -> str:
    """The page as it is written, with what it includes from other files of the project: ``{include-section} FILE HEADING``."""
    text = (WRITTEN / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines():
        mark, _, wanted = line.partition("{include-section} ")
        lines.append(_section(*wanted.split(" ", 1)) if mark == "" and wanted else line)
    return "\n".join(lines) + "\n"


def _section(file: str, heading: str) -> str:
    """What stands under a heading of the second level, without it; its own headings stay."""
    text = (ROOT / file).read_text(encoding="utf-8")
    _, found, after = text.partition(f"\n## {heading}\n")
    if not found:
        raise ValueError(f"{file} has no section {heading!r}")
    return after.split("\n## ")[0].strip().replace("\n### ", "\n## ")


def front_page(falls_short: str = "") -> str:
    """What falls short, what the README begins with, and where to go from there.

    The README's example of a verdict is of a run in which all holds: it is left out where something falls short.
    """
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0].strip()
    if falls_short:
        text, examples = _EXAMPLE.subn("", text)
        if examples != 1:
            raise ValueError("README.md has no example of a verdict in front")
    text = _below_title(text, falls_short)
    where = (
        "Begin with the [tutorial](tutorial.md), read [the laws as lecture notes](chapters/index.md), "
        "or look up one of [all laws](claims/index.md)."
    )
    pages = "\n".join(("tutorial", "chapters/index", "claims/index", "how-to/index", "reference/index"))
    return f"{text}\n\n{where}\n\n```{{toctree}}\n:hidden:\n:maxdepth: 2\n\n{pages}\n```\n"


def _below_title(page: str, falls_short: str) -> str:
    """The page with what falls short as the first that is read."""
    title, _, rest = page.partition("\n")
    return "\n\n".join([title, falls_short, rest.strip()]) + "\n" if falls_short else page


def _index(title: str, pages: Sequence[str]) -> str:
    return f"# {title}\n\n```{{toctree}}\n:maxdepth: 2\n\n" + "\n".join(pages) + "\n```\n"
