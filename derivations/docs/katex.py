"""A Sphinx extension: formulas are set in the reader's browser by the copy of KaTeX that the project carries."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "report" / "assets" / "katex"
STARTER = """
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".math")) {
    katex.render(place.textContent, place, {displayMode: place.tagName === "DIV", throwOnError: false, strict: "ignore"});
    // what it may fill is the paragraph: an inline element around it, such as emphasis, has a width of 0
    const room = place.parentElement.closest("p, li, dd, td, th, div, section, article, h1, h2, h3, h4").clientWidth;
    if (place.tagName === "SPAN" && room > 0 && place.offsetWidth > room) place.classList.add("wide");
  }
});
"""
STYLE = """
.content { width: 54em; max-width: 100%; }
div.math { overflow-x: auto; overflow-y: hidden; margin: .9em 0; padding: .1em 0; }
div.math .katex-display { margin: 0; }
span.math.wide { display: block; overflow-x: auto; overflow-y: hidden; margin: .4em 0; }
.katex { font-size: 1.08em; }
.admonition.law { border-left-color: var(--color-brand-primary); box-shadow: none; border-radius: 3px; }
.admonition.law > .admonition-title { background: var(--color-background-secondary); font-weight: 600; padding-left: .8rem; }
.admonition.law > .admonition-title::before { display: none; }
table.docutils { font-size: .92em; }
table.docutils td p, table.docutils th p { margin: 0; }
"""


def setup(app: Any) -> dict[str, Any]:
    """What Sphinx calls."""
    app.add_html_math_renderer("katex", (_inline, None), (_display, None))
    app.connect("build-finished", _copy)
    app.add_css_file("katex/katex.min.css")
    app.add_css_file("laws.css")
    app.add_js_file("katex/katex.min.js")
    app.add_js_file(None, body=STARTER)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator: Any, node: Any) -> None:
    _set(translator, node, "span")


def _display(translator: Any, node: Any) -> None:
    _set(translator, node, "div")


def _set(translator: Any, node: Any, tag: str) -> None:
    """The LaTeX as text, which is what stays where no script runs."""
    from docutils import nodes

    translator.body.append(f'<{tag} class="math notranslate">{escape(node.astext())}</{tag}>')
    raise nodes.SkipNode


def _copy(app: Any, error: Exception | None) -> None:
    """KaTeX with its fonts and its licence, beside the pages."""
    if error is None:
        import shutil

        static = Path(app.outdir) / "_static"
        shutil.copytree(FOLDER, static / "katex", dirs_exist_ok=True)
        (static / "laws.css").write_text(STYLE, encoding="utf-8")
