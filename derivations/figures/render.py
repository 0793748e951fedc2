"""A figure from its name to the bytes of a file; the same seed and effort give the same bytes."""

from __future__ import annotations

import importlib
import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from derivations.figures.names import FIGURES
from derivations.figures.style import LIGHT, Style
from derivations.figures.verdict import complaint, made_of
from derivations.files import write_whole_bytes

ENGINES = ("pdflatex", "lualatex", "xelatex")  # that measure the words of a PGF
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}
_PGF_OWN = rb"\providecommand{\mathdefault}[1]{#1}" + b"\n"  # which tick labels use, and no document has
_DOTS = 200  # per inch, of a PNG


def story(name: str) -> Any:
    """The module of a figure."""
    return importlib.import_module(f"derivations.figures.story.{name.replace('-', '_')}")


def picture(name: str, found: Any, style: Style = LIGHT, without: tuple[str, ...] = ()) -> Figure:
    """A figure of the story, of data that its module made; where points leave their bounds, or for laws ``without`` a proof, it says so."""
    module, wrong = story(name), complaint(found, without)
    with mpl.rc_context(style.parameters()):
        figure, panels = module.LAYOUT.panels()
        module.draw(found, panels, style)
        for axes, title in zip(panels, module.TITLES, strict=True):
            axes.set_title("" if wrong else title)
        if wrong:
            _warn(figure, panels, wrong, style)
    return figure


def _warn(figure: Figure, panels: Sequence[Axes], wrong: str, style: Style) -> None:
    """In place of what would have been shown; no point is left out of sight."""
    figure.suptitle(f"This does not hold: {wrong}", color=style.broken, fontweight="bold")
    for axes in panels:
        axes.autoscale()


def engine() -> str | None:
    """The TeX engine that a PGF needs, if there is one."""
    return next((name for name in ENGINES if shutil.which(name)), None)


def encoded(figure: Figure, form: str, style: Style = LIGHT, title: str = "", keywords: str = "") -> bytes:
    """The file of a figure; ``title`` is what a reader is told who does not see it, where the format has room for that."""
    buffer = io.BytesIO()
    extra = {"pgf.texsystem": engine() or ENGINES[0], "pgf.rcfonts": False} if form == "pgf" else {}
    if form == "pgf":
        _typeset(figure)
    with mpl.rc_context({**style.parameters(), **extra}):
        figure.savefig(buffer, format=form, dpi=_DOTS, **_metadata(form, title, keywords))
    return _PGF_OWN + buffer.getvalue() if form == "pgf" else buffer.getvalue()


def _typeset(figure: Figure) -> None:
    """Words as words: with a rim they would be outlines, in another font than the document's."""
    for text in figure.findobj(Text):
        text.set_path_effects([])


def _metadata(form: str, title: str, keywords: str) -> dict[str, Any]:
    """As an option of ``savefig``; a PGF has none."""
    known = _METADATA.get(form)
    said = {name: words for name, words in (("Title", title), ("Keywords", keywords)) if words}
    return {} if known is None else {"metadata": {**known, **said}}


def written(name: str, found: Any, folder: Path, form: str, style: Style = LIGHT, without: tuple[str, ...] = ()) -> Path:
    """Draw and write one file, whole or not at all. A PDF names the sources it is made of."""
    keywords = made_of(name) if form == "pdf" else ""
    title = f"does not hold: {FIGURES[name]}" if complaint(found, without) else FIGURES[name]
    return write_whole_bytes(folder / f"{name}.{form}", encoded(picture(name, found, style, without), form, style, title, keywords))


def is_of_these_sources(name: str, pdf: Path) -> bool:
    """Whether a PDF was drawn by `written` from the sources as they are."""
    return pdf.is_file() and made_of(name).encode() in pdf.read_bytes()
