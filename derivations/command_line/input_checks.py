"""What the user gave, checked before any work: claims and chapters that exist, places that can be written."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from theory.catalogue import Catalogue
from theory.claims import Claim

_PIECE = 1 << 16  # bytes


class UsageError(ValueError):
    """The command line asks for something that is not there; the message is one line."""


def claim_named(claims: Catalogue, name: str) -> Claim:
    """The claim with this id or label, in any case; otherwise an error with the closest ones."""
    known = {key.lower(): c for c in claims for key in (c.label, c.id)}
    asked = name.lower().replace("_", "-")
    if asked in known:
        return known[asked]
    close = difflib.get_close_matches(asked, known, n=3, cutoff=0.5)
    close += [key for key in known if len(asked) > 2 and asked in key and key not in close][:3]
    hint = f"; close to it: {', '.join(f'{known[k].label} {known[k].id}' for k in close)}" if close else ""
    raise UsageError(f"ID = {name!r} is no claim{hint or ' (normlaw list prints all ids)'}")


def chapters_named(claims: Catalogue, names: Iterable[str]) -> tuple[str, ...]:
    """The chapters, if all exist."""
    for name in names:
        if name not in claims.chapters():
            raise UsageError(f"--chapter = {name!r} must be one of {', '.join(claims.chapters())}")
    return tuple(names)


def writable_folder(path: Path) -> Path:
    """The folder, made if missing, if a file can be written there."""
    if path.exists() and not path.is_dir():
        raise UsageError(f"--out = {str(path)!r} is a file, must be a directory")
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise UsageError(f"--out = {str(path)!r} cannot be written: {error.strerror or error}") from error
    return path


def writable_file(flag: str, path: Path) -> Path:
    """The file, if its folder exists and can be written to; a file that is there will be replaced."""
    if path.is_dir():
        raise UsageError(f"{flag} = {str(path)!r} is a directory, must be a file")
    if not path.parent.is_dir():
        raise UsageError(f"{flag} = {str(path)!r} cannot be written: its folder does not exist")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise UsageError(f"{flag} = {str(path)!r} cannot be written: {error.strerror or error}") from error
    return path


def readable_text(path: Path | None) -> Path | None:
    """The corpus, if it can be read and has words enough to train on; else `UsageError` or `InvalidInput`."""
    if path is None:
        return None
    if not path.exists():
        raise UsageError(f"--corpus = {str(path)!r} does not exist, must be a UTF-8 text file")
    if not path.is_file():
        raise UsageError(f"--corpus = {str(path)!r} is not a regular file, must be a UTF-8 text file")
    if not os.access(path, os.R_OK):
        raise UsageError(f"--corpus = {str(path)!r} cannot be read: permission denied")
    _enough_words(path)
    return path


def _enough_words(path: Path) -> None:
    """Read on until there are words enough to train on, which in a text of any length is soon."""
    from derivations.real_text.training import WORDS_NEEDED
    from numerics.corpus.text import Text, count_words, tokenise

    text = Text(path)
    seen: Counter[str] = Counter()
    for words in tokenise(text.pieces(_PIECE)):
        seen.update(words)
        if sum(n >= 5 for n in seen.values()) >= WORDS_NEEDED:
            return
    count_words(text, needed=WORDS_NEEDED)  # says what is missing
