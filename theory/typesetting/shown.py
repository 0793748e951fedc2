"""A record that a notebook shows set: `theory.typesetting.notebook` says how, and is imported when it is shown.

By name: how a record looks is nothing that a proof depends on, and `derivations.ledger.inputs` follows every import statement.
"""

from __future__ import annotations

from importlib import import_module


class Shown:
    """Gives a record the methods that notebooks look for; proves nothing."""

    def _repr_markdown_(self) -> str:
        return str(import_module("theory.typesetting.notebook").markdown(self))

    def _repr_latex_(self) -> str:
        return str(import_module("theory.typesetting.notebook").latex(self))
