"""Work that ends its process, or never ends, at some cells; a process of a test's own imports it."""

import os
import signal
import time

from derivations.sweep import cell_work

DEADLY, ENDLESS, RAISING = 3, 4, 5  # values of the axis repeat


def killed_by(cells):
    """Killed, as when memory runs out."""
    if any(cell.setting["repeat"] == DEADLY for cell in cells):
        os.kill(os.getpid(), signal.SIGKILL)
    return cell_work.perform(cells)


def never_ends(cells):
    """Longer than it may."""
    if any(cell.setting["repeat"] == ENDLESS for cell in cells):
        time.sleep(3600)
    return cell_work.perform(cells)


def never_begins(cells):
    """Whatever the cells are."""
    os._exit(7)
