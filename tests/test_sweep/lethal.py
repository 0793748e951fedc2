"""Work that ends its process, or never ends, at some cells; a process of a test's own imports it."""

import os
import signal
import time

from derivations.sweep.cell_work import Result

DEADLY, ENDLESS = 3, 4  # values of the axis repeat


def said(cells):
    """What stands for a cell's result."""
    return [Result("holds", observed=float(cell.setting["repeat"])) for cell in cells]


def killed_by(cells):
    """Killed, as when memory runs out."""
    if any(cell.setting["repeat"] == DEADLY for cell in cells):
        os.kill(os.getpid(), signal.SIGKILL)
    return said(cells)


def never_ends(cells):
    """Longer than it may."""
    if any(cell.setting["repeat"] == ENDLESS for cell in cells):
        time.sleep(3600)
    return said(cells)
