"""Pages to a site, by Sphinx: strictly, so that a link that leads nowhere is an error."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from derivations.command_line.input_checks import UsageError
from derivations.docs.sources import TUTORIAL
from derivations.files import write_whole

INSTALL = "pip install -c constraints.txt -e '.[docs]' in the folder of the sources"
PACKAGES = ("sphinx", "myst_parser", "furo", "sklearn")
SETTINGS: Mapping[str, Any] = {
    "project": "normlaw",
    "author": "The normlaw authors",
    "copyright": "the normlaw authors, Apache 2.0",
    "extensions": ["myst_parser", "derivations.docs.katex"],
    "myst_enable_extensions": ["dollarmath", "colon_fence"],
    "myst_heading_anchors": 3,
    "myst_dmath_double_inline": True,
    "html_math_renderer": "katex",
    "html_theme": "furo",
    "html_title": "normlaw",
    "html_show_sphinx": False,
    "html_copy_source": False,
}


class DocsError(RuntimeError):
    """The site could not be built; the message has what Sphinx said."""


def check() -> None:
    """Raises `UsageError`, with what to do, where no site can be built: without the extra, or without the pages that people wrote."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise UsageError(f"the site needs {', '.join(missing)}: {INSTALL}")
    if not TUTORIAL.is_file():
        raise UsageError(f"the site is built in a checkout of the sources: there is no {TUTORIAL}")


def build(pages: Mapping[str, str], out: Path) -> Path:
    """Build the site of these pages in ``out``; returns its first page.

    Raises `UsageError` without Sphinx, and `DocsError` for pages that have anything wrong with them: a broken link, a page in no
    table of contents, markup that does not close.
    """
    check()
    from sphinx.application import Sphinx
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    nocolor()
    with tempfile.TemporaryDirectory() as folder, patch_docutils(), docutils_namespace():
        source = Path(folder) / "pages"
        for name, text in pages.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(source / name, text)
        app = Sphinx(source, None, out, Path(folder) / "trees", "html", dict(SETTINGS), status=None, warning=said, freshenv=True)
        app.build(force_all=True)
    problems = [line.replace(f"{source}/", "") for line in said.getvalue().splitlines() if line.strip()]
    if app.statuscode or problems:
        raise DocsError("the site has faults:\n" + "\n".join(problems))
    return out / "index.html"
