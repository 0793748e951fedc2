"""The arguments of the command line and what may be said of them before any work; imports no library."""

from __future__ import annotations

import argparse
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import NoReturn

from derivations.audit.command_line import AUDIT, AUDIT_END
from derivations.audit.command_line import add_arguments as _add_audit
from derivations.check_log.command_line import CHECK_LOG
from derivations.check_log.command_line import add_arguments as _add_check_log
from derivations.command_line.argument_types import seconds, seed
from derivations.command_line.one_line_parser import Parser
from derivations.docs.command_line import DOCS
from derivations.docs.command_line import add_arguments as _add_docs
from derivations.figures.arguments import FIGURES_HELP
from derivations.figures.arguments import add_arguments as _add_figures
from derivations.imprint_map.arguments import IMPRINT
from derivations.imprint_map.arguments import add_arguments as _add_imprint
from derivations.report.command_line import REPORT
from derivations.report.command_line import add_arguments as _add_report
from derivations.statements.help import CHECK, PROVE
from derivations.sweep.command_line import SWEEP
from derivations.sweep.command_line import add_arguments as _add_sweep

DEFAULT_OUT = "normlaw-out"
DEFAULT_TIMEOUT = 60  # seconds

_ABOUT = """\
Proves, simulates and checks the laws that govern the length of contrastive embeddings.

Every claim has an id (gradient-is-orthogonal) and a label (A1); both work everywhere.
A proof is decided step by step by an exact kernel; evidence is a simulation that does
not know the law; a witness is a setting that breaks one hypothesis, and must fail.
"""
_EPILOG = """\
examples:
  normlaw verify                        everything: proofs, evidence, witnesses, real text
  normlaw verify B2 B4                  two claims
  normlaw verify --chapter geometry     one chapter
  normlaw verify --corpus mytext.txt    train embeddings on your own text
  normlaw verify --json > ledger.json   for scripts: one JSON document, nothing else
  normlaw list --graph                  what follows from what
  normlaw show B2                       a derivation, step by step
  normlaw show B2 --latex               the same for a paper
  normlaw export --out paper            all of it, as LaTeX
  normlaw report --out page             the last run as one page, with plots
  normlaw docs --out site               the documentation, one page a law
  normlaw prove "norm(u + v) <= norm(u) + norm(v)"     a claim of your own
  normlaw check claims.toml             many of them, with the verdicts you expect
  normlaw sweep spec.toml --out DIR     the laws over a design of thousands of settings
  normlaw check-log run.log             the laws against the log of a training of your own
  normlaw audit vectors.npy --covariates words.csv     what the norms of your embeddings mean

exit status:
  0    every claim is proved, all evidence holds, every witness bites; a claim that is marked
       numeric-only is measured and not proved: it passes too, and the last line says so
  1    something falls short; each such claim is named on a line of its own (prove: refuted)
  2    bad usage or bad input; output that could not be written, a closed pipe such as that of
       normlaw list | head included: then one line on standard error says so
  3    prove: undecided
  130  interrupted

colour: NO_COLOR, FORCE_COLOR and --no-color are respected; there is none outside a terminal.
"""
_VERIFY = """\
Proves, measures and checks claims, and prints the ledger: for each claim the proof, the evidence
(the largest deviation found and the bound the theory gives) and the witnesses of its hypotheses.
Without ids and chapters it verifies everything, real text included: there, embeddings of words are
trained, and the norm of each is compared with what B4 and B5 say. With ids or chapters real text is
part of the run if B4 or B5 is among them, or --corpus is given.

Writes ledger.json, points.json (every comparison, for drawing), ledger.md and, in real-text/,
words.csv, scatter.svg and summary.json. What passed is also kept in records/, by the hash of all
that it depends on, for --only-changed.
"""


_LIST = """\
Prints the catalogue without proving anything: for each claim its label, id and title, the ids of
its hypotheses, and its provenance with sources: "cited", "reconstructed" (known elsewhere, derived
anew here) or "derived here". Ids and labels are what the other commands take.

  normlaw list                     to read
  normlaw list --json              the same and more, for scripts
  normlaw list --dot | dot -Tsvg   a picture of what is derived from what
"""
_SHOW = """\
Proves one claim now and prints it: statement, hypotheses with the setting in which the statement
fails without each, and every step with the method that decided it. Names such as |u_(k+1)|^2 are
typed by an author; "where ... stands for ..." is the expression that was decided, shortened if it
is long (--full and --json do not); "comes out as" is one that was the claimed one once worked
out. Exits with 0 whatever the verdict: a claim is judged by normlaw
verify.

  normlaw show B2                  by label
  normlaw show sgd-step-is-pythagorean --latex > law.tex
"""
_EXPORT = """\
Proves every claim now and writes it down; the same claims give the same bytes.

  latex      the companion paper: normlaw.tex, notation.tex, normlaw.bib and one fragment a claim
             in claims/. It has the laws, which law needs which hypothesis, the map of the imprint,
             the ledger of a run (--ledger), figures (with --pdf and --ledger the story is drawn
             into DIR/figures, unless it lies there; other PDFs there are taken, too), and the
             broken variants with what the kernel found against each. Compile it by pdflatex,
             bibtex, pdflatex, pdflatex; or let --pdf do it (Debian: apt-get install
             texlive-latex-base texlive-latex-recommended lmodern)
  markdown   index.md and one file a claim, formulas between dollar signs
  json       claims.json: every field, every step, and every expression in full

With ids nothing is written: the claims are printed, for a paper of your own. LaTeX comes with the
macros it needs, or, with --plain, in standard commands of amsmath and amsthm only. A claim that is
not proved says so in its heading and on standard error, and the exit status is 1.

  normlaw export --out paper --ledger normlaw-out --pdf
  normlaw export B2 --format latex > law.tex
  normlaw export B2 B4 --plain > laws.tex
"""


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        print(f"normlaw {installed_version()} (Python {python_version()})")
        parser.exit(0)


def installed_version() -> str:
    """The version of this package, as it was installed."""
    try:
        return metadata.version("normlaw")
    except metadata.PackageNotFoundError:
        return "unknown, not installed"


def parser() -> argparse.ArgumentParser:
    """The parser of ``normlaw``; each command is a module of `derivations.commands`."""
    shared = Parser(add_help=False)
    for name, words in (
        ("--no-color", "no colour, even on a terminal"),
        ("--quiet", "nothing but what falls short"),
    ):
        shared.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=words)
    raw = argparse.RawDescriptionHelpFormatter
    top = Parser(prog="normlaw", description=_ABOUT, epilog=_EPILOG, formatter_class=raw, parents=[shared])
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND")

    def command(name: str, words: str, description: str, epilog: str | None = None) -> Parser:
        return commands.add_parser(
            name, help=words, description=description, epilog=epilog, formatter_class=raw, parents=[shared]
        )

    _add_verify(command("verify", "prove, measure, put witnesses; print the ledger", _VERIFY))
    _add_list(command("list", "the claims: ids, labels, titles, hypotheses, provenance, or the dependency graph", _LIST))
    _add_show(command("show", "one claim: statement, hypotheses, steps and the method that decided each", _SHOW))
    _add_prove(command("prove", "a statement of your own: proved, refuted with vectors, or undecided", PROVE))
    _add_check(command("check", "a file of claims of your own, and a ledger of the verdicts", CHECK))
    _add_imprint(command("imprint", "what will my norms mean? by optimiser, decay and loss; and on real text", IMPRINT))
    _add_sweep(command("sweep", "the laws over a whole design: thousands of settings, resumable, on all cores or a cluster", SWEEP), shared)
    _add_check_log(command("check-log", "the log of a training: which laws hold, which fail, which do not speak of it", CHECK_LOG))
    _add_audit(command("audit", "do the norms of these embeddings mean something? what, why, and what to do", AUDIT, AUDIT_END))
    _add_report(command("report", "a run as one page of HTML, with plots; offline", REPORT), DEFAULT_OUT)
    _add_export(command("export", "write every claim as LaTeX, Markdown or JSON", _EXPORT))
    _add_figures(command("figures", "the figures that tell the story, simulated now; the evidence of a claim", FIGURES_HELP), DEFAULT_OUT)
    _add_docs(command("docs", "the documentation as a site that works offline; needs the extra docs", DOCS), DEFAULT_OUT)
    return top


def _add_verify(p: argparse.ArgumentParser) -> None:
    p.add_argument("ids", nargs="*", metavar="ID", help="id or label of a claim; default: all")
    p.add_argument(
        "--chapter", action="append", default=[], metavar="NAME", help="all claims of a chapter; repeatable"
    )
    p.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="seed of every random setting (default 0)"
    )
    p.add_argument(
        "--effort", choices=("quick", "full"), default="quick", help="how much to measure (default quick)"
    )
    p.add_argument(
        "--out",
        type=Path,
        default=Path(DEFAULT_OUT),
        metavar="DIR",
        help=f"where files go (default {DEFAULT_OUT}/)",
    )
    p.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else there")
    p.add_argument(
        "--corpus",
        type=Path,
        metavar="FILE",
        help="UTF-8 text to train on (default: one that Python carries)",
    )
    words = "take over what passed before and depends on nothing that has changed since (sources, lemmas, kernel, versions)"
    p.add_argument("--only-changed", action="store_true", help=words)


def _add_list(p: argparse.ArgumentParser) -> None:
    form = p.add_mutually_exclusive_group()
    form.add_argument("--graph", action="store_true", help="what each claim is derived from")
    form.add_argument("--dot", action="store_true", help="the same for Graphviz")
    form.add_argument("--json", action="store_true", help="as one JSON document")


def _add_show(p: argparse.ArgumentParser) -> None:
    p.add_argument("id", metavar="ID", help="id or label of a claim")
    form = p.add_mutually_exclusive_group()
    form.add_argument("--latex", action="store_true", help="LaTeX to paste into a paper")
    form.add_argument("--json", action="store_true", help="as one JSON document")
    form.add_argument("--full", action="store_true", help="every expression in full, however long")


def _add_export(p: argparse.ArgumentParser) -> None:
    p.add_argument("ids", nargs="*", metavar="ID", help="id or label of a claim to print; default: all, to files")
    p.add_argument("--out", type=Path, metavar="DIR", help="where files go")
    p.add_argument("--format", choices=("latex", "markdown", "json"), default="latex", help="default latex")
    p.add_argument("--pdf", action="store_true", help="typeset the paper, too: DIR/normlaw.pdf")
    p.add_argument("--plain", action="store_true", help="printed LaTeX without macros of normlaw's")
    p.add_argument("--ledger", type=Path, metavar="DIR", help=f"measurements of a run of normlaw verify, such as {DEFAULT_OUT}")


def _add_prove(p: argparse.ArgumentParser) -> None:
    p.add_argument("statement", metavar="STATEMENT", help="what is claimed")
    p.add_argument("--where", action="append", default=[], metavar="NAME=EXPR", help="a definition; repeatable")
    p.add_argument("--given", action="append", default=[], metavar="CONDITION", help="a comparison that holds; repeatable")
    p.add_argument("--json", action="store_true", help="one JSON document on stdout")
    _add_timeout(p)


def _add_check(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", type=Path, metavar="FILE", help="a TOML file of claims")
    out = Path(DEFAULT_OUT) / "own"
    p.add_argument("--out", type=Path, default=out, metavar="DIR", help=f"where the ledger goes (default {out}/)")
    p.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else there")
    _add_timeout(p)


def _add_timeout(p: argparse.ArgumentParser) -> None:
    words = f"seconds for one statement, after which it is undecided (default {DEFAULT_TIMEOUT})"
    p.add_argument("--timeout", type=seconds, default=DEFAULT_TIMEOUT, metavar="SECONDS", help=words)


def chapter_parser(chapter: str) -> argparse.ArgumentParser:
    """The parser of a chapter's script."""
    about = (
        f"The chapter {chapter} as lecture notes that run: prose, and every law where it is called for, derived step by "
        "step, each step with the method that decided it; then all of it as LaTeX. As wide as the terminal; to read it "
        f"at leisure: python -m derivations.{chapter} | less"
    )
    p = Parser(
        prog=f"python -m derivations.{chapter}",
        description=about,
        epilog="exit status: 0 if every step is proved, 1 if not, 2 on bad usage or output that cannot be written",
    )
    out = Path(DEFAULT_OUT) / chapter
    p.add_argument(
        "--out", type=Path, default=out, metavar="DIR", help=f"where the LaTeX goes (default {out})"
    )
    p.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    return p
