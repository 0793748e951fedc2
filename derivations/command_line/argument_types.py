"""Numbers from the command line, checked as they are read; imports no library."""

from __future__ import annotations

import argparse

LARGEST_SEED = 2**62
LONGEST_TIMEOUT = 86_400  # seconds


def seed(text: str) -> int:
    """A seed from the command line; raises `argparse.ArgumentTypeError` with the bounds."""
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value <= LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be an integer between 0 and {LARGEST_SEED}")
    return value


def seconds(text: str) -> float:
    """A time limit from the command line; raises `argparse.ArgumentTypeError` with the bounds."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 < value <= LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be a number of seconds above 0, at most {LONGEST_TIMEOUT}")
    return value
