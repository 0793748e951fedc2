"""What would take hours, or all memory: refused with its place, or undecided; in any case there is an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sympy as sp

from derivations.statements.process import Question, StatementProcess
from theory.kernel import Domain, Equal, decide, substitute
from theory.kernel.fraction import factored
from theory.kernel.normal_form import NormalForm
from theory.kernel.verdict import Undecidable
from theory.statements import StatementError, prove
from theory.statements.algebra import cancelled, expanded, is_small
from theory.statements.kinds import read

LIMIT = 60.0  # seconds: far more than any of these takes, far less than what they took
_SQUARED = {f"d{i}": f"d{i + 1}*d{i + 1} + y" for i in range(9)} | {"d9": "x"}
_POWERS = {"d0": "d1**64", "d1": "d2**64", "d2": "d3**64", "d3": "x + 1"}

ANSWERED = (
    # huge powers: of numbers, of exponentials, of numbers put in by a condition
    ("exp(10**9) > x", {}, ()),
    ("exp(10**9) == x", {}, ()),
    ("exp(10**9) > 1", {}, ()),
    ("exp(-10**9) < 1", {}, ()),
    ("cosh(10**9) > 1", {}, ()),
    ("exp(exp(exp(exp(10)))) > 1", {}, ()),
    ("exp(1e30) > exp(1e29)", {}, ()),
    ("exp(x) >= 1", {}, ("x >= 10**12",)),
    ("exp(x) == 2", {}, ("x == 10**9",)),
    ("exp(x)**64 > y", {}, ("x == 10**9",)),
    ("2**x > y", {}, ("x == 10**9",)),
    ("x**y > z", {}, ("x == 10**9", "y == 10**9")),
    ("1e30**x > 0", {}, ("x == 1e30",)),
    ("x**x**x**x > 0", {}, ("x == 10",)),
    ("((x**64)**64)**64 > z", {}, ("x == 10**30",)),
    ("w > 1", {}, ("x == 10**30", "y == x**64", "z == y**64", "w == z**64")),
    ("sum(2**(j**10), j, 1, 30) > x", {}, ()),
    ("sum(2**(2**j), j, 1, 30) > x", {}, ()),
    # powers of sums, written out or factored
    ("((x**64)**64)**64 == y", {}, ()),
    ("((x + 1)**64)**64 == y", {}, ()),
    ("(x + y + z + a + b)**64 == z", {}, ()),
    ("(x - 1)**60*(y - 2)**60*(z - 3)**60 >= 0", {}, ()),
    ("d0 == 1", _POWERS, ()),
    ("d0 == 1", {**_POWERS, "d3": "x"}, ("x == 2",)),
    ("d0 == 1", _SQUARED, ()),
    ("norm(a[1]*v[1] + a[2]*v[2] + a[3]*v[3] + a[4]*v[4])**64 >= 0", {}, ()),
    ("(sqrt(2) + sqrt(3) + sqrt(5) + sqrt(7) + sqrt(11) + sqrt(13) + sqrt(17) + sqrt(19))**32 > x", {}, ()),
    # many roots of one thing
    ("exp(x*10**20) == exp(x)**64", {}, ()),
    ("exp(x/1009)*exp(x/1013)*exp(x/1019) == 1", {}, ()),
    ("x**(1/64)*x**(1/63)*x**(1/61)*x**(1/59) == 1", {}, ()),
    # many vectors, many cases
    ("norm(sum(v[j], j, 1, 30))**2 >= 0", {}, ()),
    ("norm(sum(v[j], j, 1, 30)) <= sum(norm(v[j]), j, 1, 30)", {}, ()),
    ("hess(norm(sum(v[j], j, 1, 10))**10, v[1], v[2]) == 0", {}, ()),
    ("hess(log(sum(exp(cos(u, v[j])), j, 1, 30)), u, w) == 0", {}, ()),
    ("max(a, b, c, d, e, f, g, h, i, k, l, m) >= a", {}, ()),
)  # fmt: skip


@pytest.fixture(scope="module")
def process() -> Iterator[StatementProcess]:
    with StatementProcess() as found:
        yield found


@pytest.mark.parametrize(("statement", "where", "given"), ANSWERED, ids=str)
def test_there_is_an_answer_in_time_and_in_memory(process, statement: str, where: dict[str, str], given: tuple[str, ...]) -> None:
    result = process.ask(Question(statement, where, given), LIMIT)
    assert not result.note.startswith(("time limit", "the process")), result.note
    assert result.verdict in ("proved", "refuted", "undecided")


NESTED = "sum(sum(sum(sum(x*i*j*k*l, i, 1, 30), j, 1, 30), k, 1, 30), l, 1, 30)"


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        (f"{NESTED} == 1", {}, "written out, this has more than 20000 parts"),
        ("sum(sum(sum(x[i]*x[j]*x[k], i, 1, 30), j, 1, 30), k, 1, 30) == 1", {}, "more than 20000 parts"),
        ("d0 == 0", {f"d{i}": f"d{i + 1} + d{i + 1}" for i in range(20)} | {"d20": "x"}, "more than 20000 parts"),
        ("max(" + ", ".join(f"x[{i}]" for i in range(1, 20)) + ") >= x[1]", {}, "more than 20000 parts"),
        ("diff(" * 7 + "exp(x*y)" + ", x)" * 7 + " > 0", {}, "more than 6 derivatives inside each other"),
        ("hess(" * 4 + "norm(u)" + ", u, u)" * 4 + " == 0", {}, "more than 6 derivatives inside each other"),
        ("d0 == 0", {f"d{i}": f"diff(x*d{i + 1}, x)" for i in range(7)} | {"d7": "x"}, "more than 6 derivatives inside each other"),
    ],
)
def test_what_is_too_much_is_refused_with_its_place(text: str, where: dict[str, str], said: str) -> None:
    with pytest.raises(StatementError, match=said) as caught:
        read(text, where)
    assert 0 <= caught.value.spot.position < len(caught.value.spot.source.text)


def test_conditions_are_not_without_number() -> None:
    with pytest.raises(StatementError, match="more than 200 conditions"):
        read("x >= 0", {}, ("x > 0",) * 201)


def test_six_derivatives_are_not_too_many() -> None:
    assert prove("diff(" * 6 + "exp(x)" + ", x)" * 6 + " == exp(x)").verdict == "proved"


def test_the_kernel_does_not_factor_or_write_out_what_is_huge() -> None:
    x, y = sp.symbols("x y", real=True)
    huge = NormalForm(sp.exp(10**9) - x)
    with pytest.raises(Undecidable, match="too large to factor"):
        factored(huge.fraction.up)
    for e in ((x + y + 1) ** 3000, sp.Add(*sp.symbols("a:40")) ** 6, sp.Mul(*((x - k) ** 60 + y for k in range(1, 30)))):
        with pytest.raises(Undecidable, match="too l"):
            NormalForm(e)
    assert decide(Equal(sp.exp(10**9), x), Domain()).status.value != "proved"


def test_no_number_is_written_out_that_is_huge() -> None:
    x = sp.Symbol("x", real=True)
    with pytest.raises(ValueError, match="too large"):
        substitute(x**x, {x: sp.Integer(10) ** 9})
    assert substitute(2**x, {x: sp.Integer(1000)}) == sp.Integer(2) ** 1000
    assert substitute((-1) ** (2 * x), {x: sp.Integer(10) ** 9}) == 1


def test_sympy_is_asked_to_rewrite_small_expressions_only() -> None:
    x, y = sp.symbols("x y", real=True)
    assert is_small((x + y) ** 10 / (x - 1))
    assert expanded((x + y) ** 2) == x**2 + 2 * x * y + y**2
    for e in ((x + y) ** 400, sp.exp(10**9 * x) - y, (x + 1) ** 65, x - sp.Integer(7) ** 2000, sp.sqrt(x) ** 99):
        assert not is_small(e)
        with pytest.raises(ValueError, match="too large"):
            cancelled(e)
