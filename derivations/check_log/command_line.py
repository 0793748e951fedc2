"""The arguments of ``normlaw check-log`` and its help; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

CHECK_LOG = """\
Puts the laws of the ledger to the log of a real training, and says which hold, which fail and which
do not speak of it. Needs the extra: pip install 'normlaw[audit]'.

  normlaw check-log run.log                 a page of text
  normlaw check-log run.log --json          every number, for scripts

a log, with PyTorch (nothing else in the loop changes):
  from numerics.training_log import NormRecorder
  recorder = NormRecorder.for_torch("run.log", optimizer, {"words": model.words.weight})
  ...                                       # optimizer.step() records, now and then
  recorder.close()

with JAX and optax:
  recorder = NormRecorder.for_optax("run.log", Setting(optimizer="sgd", precision="float32"),
                                    lambda tree: {"words": tree["words"]})
  recorder.step(parameters, gradients, changed_parameters, learning_rate)

with arrays of any origin:
  recorder = NormRecorder("run.log", Setting(optimizer="sgd"))
  recorder.record(step, rows, gradients, learning_rate, decay, after=rows_after_the_step)

what to tell the recorder besides:
  every=1            all steps: laws of whole runs need them. By default one in 256 is recorded, at a
                     place drawn anew each time. Of the time of a small loop the recorder took 1.02 % in
                     PyTorch (0.95 to 1.07) and 1.15 % in JAX (1.05 to 1.21), writing included
                     (python -m benchmarks recording, 5 rounds; the aim is under 3 %)
  slope_bound=2/tau  for InfoNCE at temperature tau, averaged over the batch: what rounding may leave of
                     a radial gradient is in proportion to it. Without it the largest |u||g| of the run
                     is taken
  terms=B            how many gradients are added up in a row in a step, at most: the batch
  arithmetic=        what gradients are computed in, if not in the format of the table (autocast)
  norm_epsilon=, epsilon_form=added|max     what the loss adds to norms, or keeps them above
  rate_format=       what learning rates are kept in, if coarser than the table (PyTorch: seen for itself)
  fresh=True         step 0 is the optimiser's first: what Adam and Lion remember begins there. PyTorch's
                     recorder sees it for itself
  encoder="shared"   the rows are outputs of a network: laws of free rows do not speak of them

laws:
  right angle   A1: <u, g> = 0 within the rounding of the precision; if not, what epsilon would explain it
  guarded norm  A8b: with an epsilon in the norm, no more than it can leave
  balance       C0: |u'|^2 from drift, heat and decay of the step, any optimiser
  update rule   the move is that of the optimiser named: SGD from one record, momentum and RMSProp from
                two steps in a row, Adam and Lion from all since the first (every=1, fresh=True); if
                not, a log of another rule is told where its steps are another's, else it cannot be said
  step          B2, B6: |u'|^2 from |u|^2 and the gradient energy, every step (plain SGD)
  shadow        B8: the same behind momentum, two steps in a row (heavy ball, Nesterov)
  run           the norm at the end from the norm at the start (plain SGD, every=1)
  quartic       B3, B4: r^4 grows by twice the drives (plain SGD without decay)
  equilibrium   B6, B8d, B8e: the norm predicted from the energy measured; B12c, B12d, B12i: AdamW, Lion
                and RMSProp on white gradients; B12f: L2 inside Adam or RMSProp, without momentum
  rest          C0: where the measured drift and heat balance decoupled decay, any rule and gradients
  growth        B12b, B12i: Adam and RMSProp without decay
A law of records holds only where more than half of those of which it claims anything could have told it
from a wrong one. Steps are compared within bounds that count the roundings of the log's formats, means within
intervals of error rate 1e-6 a comparison.

The last line says if the optimiser's rule or the right angle was not tested, and why. A format that
recorded numbers are finer than, or a slope_bound that alone excuses what was found, is said there too.

exit status: 0 if a law of the optimiser named holds and none fails; 1 if one fails, if nothing could be
decided about that optimiser (the right angle and the balance are no laws of it), if rounding hides whether
the loss sees lengths and no law of the norm was tested, or if the log is not what its setting says; 2 for a
log that is truncated, mislabelled, not a number or out of order, and for bad usage
"""


def add_arguments(p: argparse.ArgumentParser) -> None:
    """Those of ``check-log``."""
    p.add_argument("log", type=Path, metavar="LOG", help="a folder that NormRecorder wrote, or one Parquet file of it")
    p.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else there")
