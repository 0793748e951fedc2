"""Tables for a terminal and for the README, and a picture, all from the document of `benchmarks.document`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.document import Document, rate
from derivations.figures.style import LIGHT, STYLE

BEGIN, END = "<!-- benchmarks: made by python -m benchmarks --readme -->", "<!-- end of benchmarks -->"
_STYLES = {"wrong": "bold red", "failed": "bold red", "missing": "yellow", "ok": ""}


def show(results: Document, out: Console) -> None:
    """Contests, then findings."""
    out.print(_where(results), highlight=False, markup=False)
    if results["contests"]:
        table = Table("case", "contender", "per second", "time over ours", "spread", "target", "note", title="contests")
        for contest in results["contests"]:
            for i, c in enumerate(contest["contenders"]):
                cells = (contest["case"] if i == 0 else "", c["contender"], *_cells(contest, c))
                table.add_row(*map(escape, cells), style=_STYLES[c["status"]], end_section=c is contest["contenders"][-1])
        out.print(table)
    if results["findings"]:
        table = Table("what", "median", "spread", "target", "note", title="findings")
        for f in results["findings"]:
            table.add_row(*map(escape, (f["name"], *_figures(f), f["note"])))
        out.print(table)


def _cells(contest: Document, c: Document) -> tuple[str, str, str, str, str]:
    """Rate, ratio, spread, target, and what else there is to say."""
    if not c["seconds"]:
        return "", c["status"], "", "", c["note"]
    said = "; ".join(part for part in (c["note"], contest["note"] if c is contest["contenders"][-1] else "") if part)
    ratio = c["ratio_to_ours"]
    if c is contest["contenders"][0]:
        return f"{rate(contest, c):.3g} {contest['unit']}", "1", "", "", said
    return (
        f"{rate(contest, c):.3g} {contest['unit']}", f"{ratio['median']:.2f}", f"{ratio['least']:.2f} to {ratio['largest']:.2f}",
        _target(c), said,
    )  # fmt: skip


def _target(c: Document) -> str:
    return "" if c["target"] is None or c["met"] is None else f"{c['target']:g}: {'met' if c['met'] else 'missed'}"


def _figures(f: Document) -> tuple[str, str, str]:
    spread = f"{f['least']:.3g} to {f['largest']:.3g}" if len(f["values"]) > 1 else ""
    target = ""
    if f["target"] is not None:
        target = f"{'at least' if f['at_least'] else 'at most'} {f['target']:g}: {'met' if f['met'] else 'missed'}"
    return f"{f['median']:.3g} {f['unit']}".strip(), spread, target


def _where(results: Document) -> str:
    m = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in m["versions"].items())
    tiny = " Tiny sizes (--quick): the figures say nothing." if results["quick"] else ""
    return (
        f"{m['cpu']}, {m['cores']} cores, {m['date'][:10]}; Python {m['python']}, {versions}; "
        f"{results['repeats']} interleaved rounds.{tiny}"
    )


def markdown(results: Document) -> str:
    """For the README: contests with everybody's ratio, and findings."""
    lines = [f"Measured on {_where(results)}", ""]
    if results["contests"]:
        lines += ["| case | contender | per second | its time over ours | target |", "| --- | --- | --- | --- | --- |"]
    for contest in results["contests"]:
        for c in contest["contenders"]:
            speed, ratio, spread, target, note = _cells(contest, c)
            shown = f"{ratio} ({spread})" if spread else ratio if c["seconds"] else f"{c['status']}: {note}"
            lines.append(f"| {contest['case']} | {c['contender']} | {speed} | {shown} | {target} |")
    if results["findings"]:
        lines += ["", "| what | median | spread | target | note |", "| --- | --- | --- | --- | --- |"]
        for f in results["findings"]:
            lines.append(f"| {f['name']} | {' | '.join(_figures(f))} | {f['note']} |")
    return "\n".join(lines).replace("|  |", "| |") + "\n"


def quoted(readme: str, results: Document) -> str:
    """The README with these results between its two markers; raises `ValueError` without them."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the README has no lines {BEGIN} and {END}")
    return f"{before}{begin}\n\n{markdown(results)}\n{end}{after}"


def draw(results: Document, path: Path) -> None:
    """Every contender's time over ours with its spread, on a logarithmic axis; as SVG or PNG, by the name."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    rows = [
        (contest["case"], c) for contest in results["contests"] for c in contest["contenders"][1:] if c["ratio_to_ours"] is not None
    ]
    plt.rcParams.update(STYLE)
    figure, axes = plt.subplots(figsize=(9, 1.5 + 0.32 * max(1, len(rows))), layout="constrained")
    colours: dict[str, Any] = {}
    for i, (_, c) in enumerate(reversed(rows)):
        ratio, name = c["ratio_to_ours"], c["contender"]
        new = name not in colours
        colour = colours.setdefault(name, LIGHT.series[len(colours) % len(LIGHT.series)])
        sides = [[ratio["median"] - ratio["least"]], [ratio["largest"] - ratio["median"]]]
        axes.errorbar(ratio["median"], i, xerr=sides, fmt="o", color=colour, capsize=3, label=name if new else None)
        if c["target"] is not None:
            axes.plot(c["target"], i, "|", color=colour, markersize=12)
    axes.set_yticks(range(len(rows)), [case for case, _ in reversed(rows)], fontsize=7)
    axes.axvline(1.0, color=LIGHT.faint, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlabel("its time over ours: median of the rounds, least to largest; | target")
    axes.set_title(f"{results['machine']['cpu']}, {results['machine']['cores']} cores, {results['machine']['date'][:10]}", fontsize=8)
    if rows:
        axes.legend(fontsize=8)
    figure.savefig(path)
    plt.close(figure)
