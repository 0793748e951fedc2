"""A cell: one law at one setting. Its name and all its draws are functions of the setting and the sweep's seed alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Setting = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """``setting`` has the axes that the law reads there, in their order; ``block`` is the part of the design it is from."""

    setting: Setting
    sweep_seed: int
    block: str = ""

    @property
    def law(self) -> str:
        """Its name."""
        return str(self.setting["law"])

    @property
    def digest(self) -> bytes:
        """Of the setting and the seed."""
        text = json.dumps([self.sweep_seed, sorted(self.setting.items())], allow_nan=False)
        return hashlib.sha256(text.encode()).digest()

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits."""
        return self.digest[:8].hex()

    @property
    def seed(self) -> int:
        """Of the simulator: 31 bits, since evidence wants as many."""
        return int.from_bytes(self.digest[8:12], "big") >> 1

    def rng(self, stream: int) -> np.random.Generator:
        """Numbers that this cell alone draws, a stream for each use."""
        return np.random.Generator(np.random.Philox(key=int.from_bytes(self.digest[8:24], "big"), counter=[0, 0, 0, stream]))
