"""Logs of real training: what each watched embedding was, what pulled at it and where the optimiser put it.

`NormRecorder` writes a log, from NumPy arrays, a PyTorch optimiser or an optax loop; `read_log` reads and checks one. Which laws a log
obeys is not known here: that is ``normlaw check-log``. A log needs pyarrow; torch and jax are imported by their own recorders only.
"""

from __future__ import annotations

from numerics.training_log.reader import TrainingLog, read_log
from numerics.training_log.recorder import NormRecorder
from numerics.training_log.setting import Setting

__all__ = ["NormRecorder", "Setting", "TrainingLog", "read_log"]
