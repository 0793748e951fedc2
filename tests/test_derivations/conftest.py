"""Fixtures that tests of the command line share."""

from tests.test_derivations.invented import invent

__all__ = ["invent"]
