"""HTML that is escaped unless it was made here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_EMPTY = {"meta", "input", "br", "path", "rect", "circle", "line", "use"}


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(_name: str, *children: str, **attributes: str | int | bool | None) -> Html:
    """One element. Children that are no `Html` are escaped; an attribute that is None or False is left out, True has no value.

    A trailing underscore of an attribute's name is dropped (``class_``), the others are written as hyphens.
    """
    found = "".join(_attribute(key, value) for key, value in attributes.items())
    if _name in _EMPTY:
        return Html(f"<{_name}{found}>" if _name in ("meta", "input", "br") else f"<{_name}{found}/>")
    return Html(f"<{_name}{found}>{join(children)}</{_name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Parts one after the other, escaped where they have to be."""
    return Html(safe(between).join(map(safe, parts)))


def safe(text: str) -> Html:
    """The text as HTML."""
    return text if isinstance(text, Html) else Html(escape(text, quote=False))


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
