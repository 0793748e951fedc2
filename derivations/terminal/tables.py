"""What a person sees: consoles, and the ledger as tables. Nothing here decides anything."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derivations.ledger.document import summary
from derivations.ledger.records import ClaimRecord, Ledger, MeasurementRecord, RealTextRecord, figure
from derivations.terminal.plain_math import measured_words, plain_prose
from theory.standing import FALL_SHORT, what_it_rests_on

STYLES = {
    **dict.fromkeys(("proved", "holds", "bites"), "green"),
    "numeric-only": "bold yellow",
    **dict.fromkeys(("undecided", "vacuous", "loose", "missing"), "yellow"),
    **dict.fromkeys(("refuted", "fails"), "bold red"),
}
_NARROWEST = 24
_EVIDENCE = 19


class _Console(Console):
    """Says that its output could not be written, as every other error does, instead of ending the process."""

    def on_broken_pipe(self) -> None:
        """Called while the error is handled."""
        self.quiet = True
        raise


def console(*, no_color: bool = False, stderr: bool = False) -> Console:
    """A console without markup; without any styling if asked, or if NO_COLOR is set; with, if FORCE_COLOR is."""
    plain = no_color or bool(os.environ.get("NO_COLOR"))
    system: Literal["auto", "standard"] = "standard" if os.environ.get("FORCE_COLOR") else "auto"
    return _Console(
        stderr=stderr, markup=False, highlight=False, emoji=False, color_system=None if plain else system
    )


def line(out: Console, *parts: str | tuple[str, str]) -> None:
    """One line that is never broken, so that it can be searched for."""
    out.print(Text.assemble(*parts), soft_wrap=True)


def verdict(word: str) -> tuple[str, str]:
    """A verdict in its colour; the word itself says everything."""
    return word, STYLES.get(word, "")


def show_ledger(out: Console, ledger: Ledger) -> None:
    """The table of claims, real text, and what falls short."""
    if ledger.claims:
        out.print(ledger_table(ledger.claims, out.width, ledger.resting()))
    if ledger.real_text:
        show_real_text(out, ledger.real_text)
    line(out)
    show_shortfalls(out, ledger)
    line(out, (f"{chr(10) * (not ledger.passes)}{counts(ledger)}", "bold"))


def ledger_table(claims: Iterable[ClaimRecord], width: int, resting: Mapping[str, Sequence[str]] = {}) -> Table:
    """One row a claim: statement, id and the lemmas that fall short, proof, evidence with its figure and bound, witnesses."""
    claims = tuple(claims)
    proof = max((len(c.proof.status) for c in claims), default=6)
    label = max((len(c.label) for c in claims), default=2)
    statement = max(_NARROWEST, min(64, width - label - proof - _EVIDENCE - 9 - 10))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, leading=1, padding=(0, 1, 0, 0))
    table.add_column("", width=label, style="bold")
    table.add_column("statement", width=statement)
    table.add_column("proof", width=proof)
    table.add_column("evidence", width=_EVIDENCE)
    table.add_column("witnesses", width=9)
    for claim in claims:
        table.add_row(
            claim.label,
            _statement(claim, statement, what_it_rests_on(resting.get(claim.id, ()), FALL_SHORT)),
            _proof(claim),
            _evidence(claim),
            _witnesses(claim),
        )
    return table


def _proof(claim: ClaimRecord) -> Text:
    loud = "\nNOT PROVED" if claim.proof.status == "numeric-only" else ""
    return Text.assemble(verdict(claim.proof.status), (loud, STYLES["numeric-only"]))


def _statement(claim: ClaimRecord, width: int, rests: str) -> Text:
    cell = Text.assemble(plain_prose(claim.title), "\n", (_folded(claim.id, width), "dim"))
    return cell.append(f"\n{rests}", STYLES["loose"]) if rests else cell


def _folded(name: str, width: int) -> str:
    return "\n".join(textwrap.wrap(name, width))


def _evidence(claim: ClaimRecord) -> Text:
    found, settings = claim.evidence.decisive, claim.evidence.settings
    cell = Text.assemble(verdict(claim.evidence.verdict))
    if found is None:
        return cell.append(f"\n{claim.evidence.note or 'nothing was measured'}"[:120], "dim")
    return cell.append(f"\n{compared(found)}\n").append(f"{settings} setting{'s' * (settings != 1)}", "dim")


def compared(m: MeasurementRecord) -> str:
    """The figure against its bound."""
    sign = "≤" if m.verdict == "holds" else ">"
    pair = figure(m.observed), figure(m.bound)
    if pair[0] == pair[1] and m.observed != m.bound and m.observed is not None and m.bound is not None:
        pair = f"{m.observed:.6g}", f"{m.bound:.6g}"  # close: show on which side
    return f"{pair[0]} {sign if m.observed == m.observed else '?'} {pair[1]}"


def _witnesses(claim: ClaimRecord) -> Text:
    words = [h.witness for h in claim.hypotheses]
    cell = Text(
        f"{words.count('bites')}/{len(words)} bite", STYLES["bites"] if set(words) == {"bites"} else ""
    )
    for word in ("missing", "fails"):
        if count := words.count(word):
            cell.append(f"\n{count} {'fail' if word == 'fails' and count > 1 else word}", STYLES[word])
    return cell


def show_real_text(out: Console, real: RealTextRecord) -> None:
    """The law on real text: one line, and the words that tell most."""
    out.print()
    line(out, ("real text", "bold"), f"  {real.corpus}")
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, name in enumerate(real.header):
        table.add_column(name, justify="left" if i == 0 else "right", overflow="ellipsis")
    for row in real.rows:
        table.add_row(*(Text(cell) for cell in row))
    if real.rows:
        out.print(table)
    text = Text.assemble("the law ", verdict(real.verdict))
    if real.checked:
        text.append(f" on {real.checked - real.outside} of {real.checked} rows; farthest off: {real.at}, ")
        text.append(f"relative error {figure(real.observed)}, bound {figure(real.bound)}")
    if exponent := real.summary.get("exponents_in_visits", {}).get("norm"):
        low, value, high = (figure(exponent[name]) for name in ("low", "value", "high"))
        text.append(f"; norm grows as visits^{value} (95 %: {low} to {high})")
    out.print(text)


def show_shortfalls(out: Console, ledger: Ledger) -> None:
    """Who falls short and why, each on one line."""
    if short := ledger.shortfalls():
        line(out, ("falls short", "bold red"))
        for who, why in short:
            shortfall(out, who, why, "bold")


def shortfall(out: Console, who: str, why: str, style: str) -> None:
    """Who, and why, on one line."""
    said = measured_words(plain_prose(why)) if out.encoding.startswith("utf") else plain_prose(why)
    line(out, (who, style), f": {said}")


def counts(ledger: Ledger) -> str:
    """The whole run in one line."""
    found = summary(ledger)
    parts = [f"{n} {word}" for word, n in found["proof"].items() if n]
    parts += [f"evidence {word} for {n}" for word, n in found["evidence"].items() if n]
    words = (("bites", "biting"), ("missing", "missing"), ("fails", "failing"))
    parts += [
        f"{found['witnesses'][word]} witnesses {shown}" for word, shown in words if found["witnesses"][word]
    ]
    parts += [f"real text {ledger.real_text.verdict}"] if ledger.real_text else []
    parts += [f"{ledger.unchanged} of {2 * len(ledger.claims)} proofs and measurements unchanged"] if ledger.unchanged else []
    parts += [f"{count} more rest on what falls short"] if (count := _only_resting(ledger)) else []
    claims = found["claims"]
    head = "all holds" if ledger.passes else "FALLS SHORT"
    head += f", BUT {ledger.not_proved()}" if ledger.numeric_only else ""
    told = f"{head}: {claims} claim{'s' * (claims != 1)}: {', '.join(parts)}; {ledger.seconds:.1f} s"
    return f"{told}; {ledger.part()}" if ledger.part() else told


def _only_resting(ledger: Ledger) -> int:
    """How many claims pass themselves and rest on one that does not."""
    resting = ledger.resting()
    return sum(bool(resting[claim.id]) and not claim.shortfalls() for claim in ledger.claims)
