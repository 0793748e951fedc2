"""Sweeps write Parquet: without pyarrow there is nothing to test."""

import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed (the dev extra has it)")
