"""True statements and their false near misses, over every kind of goal: the kernel's table.

``beyond`` says why the kernel is not expected to settle a statement; it must still not get it wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy import Rational, Sum, acos, cos, cosh, exp, log, pi, sin, sinh, sqrt, tan, tanh

from theory.kernel import (
    All,
    AtLeast,
    ByInduction,
    Combination,
    Domain,
    Equal,
    Expands,
    Goal,
    Instance,
    Interval,
    Length,
    Monotone,
    Same,
    Solves,
    Tends,
    Termwise,
    Within,
)
from theory.losses import cosine_regression, dot_product_infonce, infonce, unspecified
from theory.notation import candidates, n
from theory.vectors import (
    Calculus,
    Cosine,
    Norm,
    Vector,
    cosine,
    direction,
    equal_vectors,
    family_sum,
    inner,
    squared_norm,
    tangential,
    unit,
    vector,
)


@dataclass(frozen=True)
class Statement:
    """One row: what is said, whether it is true, and whether the kernel may leave it open."""

    words: str
    goal: Goal
    true: bool
    domain: Domain = Domain()
    beyond: str = ""


TABLE: list[Statement] = []


def true(words: str, goal: Goal, domain: Domain | None = None, beyond: str = "") -> None:
    """A true statement, to be proved."""
    TABLE.append(Statement(words, goal, True, domain or Domain(), beyond))


def false(words: str, goal: Goal, domain: Domain | None = None, beyond: str = "") -> None:
    """A false statement, to be refuted."""
    TABLE.append(Statement(words, goal, False, domain or Domain(), beyond))


half = Rational(1, 2)
x, y, b = sp.symbols("x y b", real=True)
p, q, s0 = sp.symbols("p q s_0", positive=True)
r, eta, G, lam, t, z, z0, c = sp.symbols("r eta G lambda t z z_0 c", positive=True)
a, A, s, h = sp.symbols("a A s h", nonnegative=True)
d = sp.Symbol("d", negative=True)
m = sp.Symbol("m", integer=True, positive=True)
N = sp.Symbol("N", integer=True, nonnegative=True)
i, j, k = sp.symbols("i j k", integer=True)
f, g = sp.Function("f"), sp.Function("g")
u, v, w, T = (direction(name) for name in ("u", "v", "w", "t"))
member = candidates.member(candidates.index)
C = Cosine(u, v)
UP_TO = lambda e, top=m, index=j: Sum(e, (index, 1, top))  # noqa: E731
TANGENT = Domain(orthogonal=((T, u),))
INVARIANT = Domain(invariant=("L",))

BELOW = Domain({x: Interval(-sp.oo, 0), y: Interval(-sp.oo, 0)})

# -- equality: arithmetic, powers and roots -------------------------------------------------------------------
true("binomial", Equal((x + y) ** 3, x**3 + 3 * x**2 * y + 3 * x * y**2 + y**3))
false("binomial, one coefficient", Equal((x + y) ** 3, x**3 + 3 * x**2 * y + 2 * x * y**2 + y**3))
true("partial fractions", Equal(1 / p - 1 / (p + q), q / (p * (p + q))))
false("partial fractions, sign", Equal(1 / p - 1 / (p + q), -q / (p * (p + q))))
true("Lagrange's identity", Equal((x**2 + y**2) * (a**2 + b**2), (x * a + y * b) ** 2 + (x * b - y * a) ** 2))
false("Lagrange's identity, sign", Equal((x**2 + y**2) * (a**2 + b**2), (x * a + y * b) ** 2 + (x * b + y * a) ** 2))
true("roots of primes multiply", Equal(sqrt(6) * sqrt(10), 2 * sqrt(15)))
false("roots of primes, factor", Equal(sqrt(6) * sqrt(10), 4 * sqrt(15)))
true("a root of a square is the absolute value", Equal(sqrt(x**2), sp.Abs(x)))
false("a root of a square is not x", Equal(sqrt(x**2), x))
true("a fourth root of a square", Equal((x**2) ** Rational(1, 4), sqrt(sp.Abs(x))))
false("a fourth root of a square is not the root of x", Equal((x**2) ** Rational(1, 4) + x, sqrt(p**2) + 2 * x))
true("absolute value of a product", Equal(sp.Abs(x * p), p * sp.Abs(x)))
false("absolute value of a sum", Equal(sp.Abs(x + y), sp.Abs(x) + sp.Abs(y)))
true("roots split over positive factors", Equal(sqrt(p * x), sqrt(p) * sqrt(x)), Domain({x: Interval(0, sp.oo, False)}))
true("roots of negative factors", Equal(sqrt(x * y), sqrt(-x) * sqrt(-y)), BELOW)
false("a root of two negatives keeps its sign", Equal(sqrt(x * y), -sqrt(-x) * sqrt(-y)), BELOW)
true("rational powers", Equal(p ** Rational(2, 3) * p ** Rational(5, 6), p ** Rational(3, 2)))
false("rational powers, exponent", Equal(p ** Rational(2, 3) * p ** Rational(5, 6), p ** Rational(4, 3)))
true("rationalised denominator", Equal(1 / (sqrt(p) + sqrt(q)), (sqrt(p) - sqrt(q)) / (p - q)), Domain({p: Interval(q, sp.oo)}))
false("rationalised denominator, sign", Equal(1 / (sqrt(p) + sqrt(q)), (sqrt(p) - sqrt(q)) / (p + q)))
true("nested radicals", Equal(sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2)), beyond="radicals that depend on each other")
false("nested radicals, near miss", Equal(sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2) + Rational(1, 10**20)))
true("symbolic powers", Equal(p**x * p**y, p ** (x + y)))
false("symbolic powers multiply", Equal(p**x * p**y, p ** (x * y)))
true("a power of a power", Equal((p**x) ** y, p ** (x * y)))
false("a cube root near a decimal", Equal(2 ** Rational(1, 3), Rational(1259921049894873164767210607278, 10**30)))

# -- equality: exp, log, circular, hyperbolic -------------------------------------------------------------------
true("exp of a sum", Equal(exp(x + 2 * y), exp(x) * exp(y) ** 2))
false("exp of a sum, factor", Equal(exp(x + 2 * y), exp(x) * exp(y)))
true("exp at fractions of one argument", Equal(exp(x / 2) * exp(x / 3), exp(5 * x / 6)))
false("exp at fractions, off by a sixth", Equal(exp(x / 2) * exp(x / 3), exp(2 * x / 3)))
true("log of a product of positives", Equal(log(p * q**2), log(p) + 2 * log(q)))
false("log of a product, factor", Equal(log(p * q**2), log(p) + log(q)))
false("log of an even power keeps the absolute value", Equal(log(x**2) - 2 * log(sp.Abs(x)), x - sp.Abs(x)))
true("log of a rational", Equal(log(12), 2 * log(2) + log(3)))
false("log of a rational, factor", Equal(log(12), log(2) + 2 * log(3)))
true("exp undoes log", Equal(exp(2 * log(p) - log(q)), p**2 / q))
true("log undoes exp", Equal(log(exp(x) * exp(-2 * y)), x - 2 * y))
false("log undoes exp, sign", Equal(log(exp(x) * exp(-2 * y)), x + 2 * y))
true("Pythagoras", Equal((sin(x) + cos(x)) ** 2, 1 + 2 * sin(x) * cos(x)))
false("Pythagoras, factor 2", Equal((sin(x) + cos(x)) ** 2, 1 + sin(x) * cos(x)))
true("double angle", Equal(sin(2 * x), 2 * sin(x) * cos(x)), beyond="no addition theorem for angles")
true("hyperbolic Pythagoras", Equal(cosh(x) ** 2 - sinh(x) ** 2, 1))
true("hyperbolic double angle", Equal(tanh(2 * x) * (1 + tanh(x) ** 2), 2 * tanh(x)))
false("hyperbolic double angle, sign", Equal(tanh(2 * x) * (1 - tanh(x) ** 2), 2 * tanh(x)))
true("tangent", Equal(1 + tan(x) ** 2, 1 / cos(x) ** 2), Domain({x: Interval(-1, 1)}), beyond="cos(x) is not certified non-zero")
true("logistic", Equal(1 / (1 + exp(-x)), exp(x) / (1 + exp(x))))
false("logistic, sign", Equal(1 / (1 + exp(-x)), exp(-x) / (1 + exp(-x))))
ALMOST = 180 * acos(Rational(7823207, 7823209)) / pi
false("an angle of 0.041 degrees is not 0", Equal(ALMOST, 0))
true("an angle of 0.041 degrees is itself", Equal(ALMOST * pi, 180 * acos(Rational(7823207, 7823209))))
false("Ramanujan's constant is no integer", Equal(exp(pi * sqrt(163)), 262537412640768744))
false("an unspecified function is not even", Equal(f(x), f(-x)))
true("an unspecified function at equal arguments", Equal(f(x + x) * g(y), g(y) * f(2 * x)))
true("derivative of a quotient of unspecified functions", Equal(sp.diff(f(x) / exp(g(x)), x), (f(x).diff(x) - f(x) * g(x).diff(x)) / exp(g(x))))
false("the same, sign", Equal(sp.diff(f(x) / exp(g(x)), x), (f(x).diff(x) + f(x) * g(x).diff(x)) / exp(g(x))))

# -- equality: sums ---------------------------------------------------------------------------------------------
true("a sum is linear", Equal(UP_TO(2 * f(j) + x * g(j)), 2 * UP_TO(f(j)) + x * UP_TO(g(j))))
false("a sum does not multiply", Equal(UP_TO(f(j) * g(j)), UP_TO(f(j)) * UP_TO(g(j))))
true("a constant summed", Equal(UP_TO(x), m * x))
false("a constant summed, off by one", Equal(UP_TO(x), (m - 1) * x))
true("an index has no name", Equal(UP_TO(f(j)), UP_TO(f(i), index=i)))
true("a shadowed index", Equal(Sum(f(j) * UP_TO(g(j)), (j, 1, m)), UP_TO(f(j)) * UP_TO(g(i), index=i)))
false("a shadowed index is not the outer one", Equal(Sum(f(j) * UP_TO(g(j)), (j, 1, m)), m * UP_TO(f(j) * g(j))))
true("order of summation", Equal(UP_TO(UP_TO(f(i) * g(j), index=i)), UP_TO(UP_TO(g(i) * f(j), index=i))))
false("a triangle is no square", Equal(Sum(Sum(f(i), (i, 1, j)), (j, 1, m)), m * UP_TO(f(i), index=i)))
false("triangles of different sides", Equal(m * Sum(Sum(f(i), (i, 1, j)), (j, 1, n)), n * Sum(Sum(f(i), (i, 1, j)), (j, 1, m))))
false("the last term is not the first", Equal(UP_TO(f(j)) - Sum(f(j), (j, 2, m)), f(m)))
true("telescoping", Equal(UP_TO(f(j)) - UP_TO(f(j), m - 1), f(m)), beyond="ends of sums are compared, not split")
false("telescoping, off by one", Equal(UP_TO(f(j)) - UP_TO(f(j), m - 1), f(m - 1)))
true("absolute values over negative indices", Equal(Sum(sp.Abs(j), (j, -2, 2)), Sum(sp.Abs(i), (i, -2, 2))))
false("an index that may be negative", Equal(Sum(sp.Abs(j), (j, -2, 2)), Sum(j, (j, -2, 2))))
true("index in the denominator", Equal(UP_TO((x + 1 / j) / j), x * UP_TO(1 / j) + UP_TO(1 / j**2)))
false("index in the denominator, exponent", Equal(UP_TO((x + 1 / j) / j), x * UP_TO(1 / j) + UP_TO(1 / j) ** 2))
true("log of a product under a sum", Equal(UP_TO(log(p * exp(f(j)))), m * log(p) + UP_TO(f(j))))
false("n = 1 is not special enough", Equal(UP_TO(f(j)) ** 2, UP_TO(f(j) ** 2)))

# -- equality: the field ----------------------------------------------------------------------------------------
NEXT = r**2 + eta**2 * G / r**2
true("norm recursion to the fourth power", Equal(NEXT**2, r**4 + 2 * eta**2 * G + eta**4 * G**2 / r**4))
false("norm recursion, factor 2", Equal(NEXT**2, r**4 + eta**2 * G + eta**4 * G**2 / r**4))
false("norm recursion, exponent", Equal(NEXT**2, r**4 + 2 * eta**2 * G + eta**2 * G**2 / r**4))
STEP = vector(u) - eta * (sqrt(G) / Norm(u)) * unit(T)
true("an SGD step is Pythagorean", Equal(squared_norm(STEP), NEXT.subs(r, Norm(u))), TANGENT)
false("an SGD step without orthogonality", Equal(squared_norm(STEP), NEXT.subs(r, Norm(u))))
false("an SGD step, exponent", Equal(squared_norm(STEP), (r**2 + eta * G / r**2).subs(r, Norm(u))), TANGENT)
PARTITION = exp(x) + UP_TO(exp(f(j)))
SHARE = exp(f(j)) / PARTITION
true("softmax sums to one", Equal(exp(x) / PARTITION + UP_TO(SHARE), 1))
false("softmax without the positive", Equal(UP_TO(SHARE), 1))
true("slope of the log partition", Equal(sp.diff(log(PARTITION) - x, x), -(1 - exp(x) / PARTITION)))
false("slope of the log partition, sign", Equal(sp.diff(log(PARTITION) - x, x), 1 - exp(x) / PARTITION))
true("softmax ignores a shift", Equal(exp(x + y) / (exp(x + y) + UP_TO(exp(f(j) + y))), exp(x) / PARTITION))
false("softmax does not ignore a factor", Equal(exp(2 * x) / (exp(2 * x) + UP_TO(exp(2 * f(j)))), exp(x) / PARTITION))
LOSSES = (infonce.LOSS, cosine_regression.LOSS)
for loss in LOSSES:
    gradient = loss.calculus.gradient(loss.value)
    true(f"{loss.name}: gradient is orthogonal", Equal(inner(vector(u), gradient), 0))
    true(f"{loss.name}: Hessian at u", equal_vectors(loss.calculus.hessian_times(loss.value, vector(u)), (-1) * gradient))
    false(f"{loss.name}: Hessian at u, sign", equal_vectors(loss.calculus.hessian_times(loss.value, vector(u)), gradient))
    true(f"{loss.name}: gradient scales inversely", equal_vectors(gradient.map(lambda e: e.xreplace({Norm(u): c * Norm(u)})), (1 / c) * gradient))
    false(f"{loss.name}: gradient scales, exponent", equal_vectors(gradient.map(lambda e: e.xreplace({Norm(u): c * Norm(u)})), c**-2 * gradient))
false("inner products: gradient is not orthogonal", Equal(inner(vector(u), dot_product_infonce.LOSS.calculus.gradient(dot_product_infonce.LOSS.value)), 0))
ANY = unspecified.LOSS
true("any scale-invariant loss", Equal(inner(vector(u), ANY.calculus.gradient(ANY.value)), 0), INVARIANT)
false("any loss at all", Equal(inner(vector(u), ANY.calculus.gradient(ANY.value)), 0))
true("gradient of a cosine", equal_vectors(Calculus(u, (v,)).gradient(C), (1 / Norm(u)) * tangential(u, unit(v))))
false("gradient of a cosine, missing projection", equal_vectors(Calculus(u, (v,)).gradient(C), (1 / Norm(u)) * unit(v)))
false("gradient of a cosine, wrong norm", equal_vectors(Calculus(u, (v,)).gradient(C), (1 / Norm(v)) * tangential(u, unit(v))))
true("projecting twice", equal_vectors(tangential(u, tangential(u, vector(w))), tangential(u, vector(w))))
false("projecting is not the identity", equal_vectors(tangential(u, vector(w)), vector(w)))
true("length of a projection", Equal(squared_norm(tangential(u, unit(w))), 1 - Cosine(u, w) ** 2))
false("length of a projection, exponent", Equal(squared_norm(tangential(u, unit(w))), 1 - Cosine(u, w)))
true("Hessian is symmetric", Equal(
    inner(vector(v), infonce.LOSS.calculus.hessian_times(infonce.LOSS.value, vector(w))),
    inner(vector(w), infonce.LOSS.calculus.hessian_times(infonce.LOSS.value, vector(v)))))  # fmt: skip
CUBES = candidates.total(Cosine(u, member) ** 3)
FAMILY = Calculus(u, (), (candidates,))
true("gradient of a sum of cubes", equal_vectors(
    FAMILY.gradient(CUBES), (1 / Norm(u)) * tangential(u, family_sum(candidates, 3 * Cosine(u, member) ** 2))))  # fmt: skip
false("gradient of a sum of cubes, exponent", equal_vectors(
    FAMILY.gradient(CUBES), (1 / Norm(u)) * tangential(u, family_sum(candidates, 3 * Cosine(u, member)))))  # fmt: skip
true("Hessian of a sum of squares across u", Equal(
    inner(unit(T), FAMILY.hessian_times(candidates.total(Cosine(u, member) ** 2) / 2, unit(T))) * Norm(u) ** 2,
    candidates.total(Cosine(T, member) ** 2 - Cosine(u, member) ** 2)), TANGENT)  # fmt: skip
false("Hessian of a sum of squares, missing curvature of the sphere", Equal(
    inner(unit(T), FAMILY.hessian_times(candidates.total(Cosine(u, member) ** 2) / 2, unit(T))) * Norm(u) ** 2,
    candidates.total(Cosine(T, member) ** 2)), TANGENT)  # fmt: skip
true("decay: fixed point", Equal((1 - eta * lam) ** 2 * q + eta**2 * G / q, q).__class__(
    ((1 - eta * lam) ** 2 * q**2 + eta**2 * G).subs(q, sqrt(eta * G / (lam * (2 - eta * lam)))), eta * G / (lam * (2 - eta * lam))),
    Domain({lam: Interval(0, 2 / eta)}))  # fmt: skip
false("decay: fixed point, factor 2", Equal(
    ((1 - eta * lam) ** 2 * q**2 + eta**2 * G).subs(q, sqrt(eta * G / (2 * lam * (2 - eta * lam)))), eta * G / (2 * lam * (2 - eta * lam))))  # fmt: skip
true("equal vectors, by hand", Same(Vector({u: x, v: y + y}, {}), Vector({v: 2 * y, u: x}, {})))
false("different vectors, by hand", Same(Vector({u: x, v: y}, {}), Vector({u: y, v: x}, {})))
false("a vector that is not there", Same(Vector({}, {}), Vector({u: sp.S.One}, {})))

# -- inequalities -----------------------------------------------------------------------------------------------
true("positive coefficients", AtLeast(p * q + a + 1, 1))
false("positive coefficients, strict at 0", AtLeast(a * p, 0, strict=True))
true("strict by a positive term", AtLeast(a + p, 0, strict=True))
true("even powers", AtLeast(x**2 + y**4, 0))
false("even powers, odd one", AtLeast(x**2 + y**3, 0))
true("a negative symbol", AtLeast(-d, 0, strict=True))
false("a negative symbol, sign", AtLeast(d, 0))
true("AM-GM by a square", AtLeast(p + q, 2 * sqrt(p * q), Combination((((sqrt(p) - sqrt(q)) ** 2,),))))
false("AM-GM, factor", AtLeast(p + q, 3 * sqrt(p * q), Combination((((sqrt(p) - sqrt(q)) ** 2,),))))
true("a floor of the norm", AtLeast(NEXT, 2 * eta * sqrt(G), Combination((((r - eta * sqrt(G) / r) ** 2,),))))
false("a floor of the norm, factor", AtLeast(NEXT, 3 * eta * sqrt(G), Combination((((r - eta * sqrt(G) / r) ** 2,),))))
true("inside a closed interval", AtLeast(1 - x**2, 0), Domain({x: Interval(-1, 1, False, False)}))
false("inside a closed interval, strict at its end", AtLeast(1 - x, 0, strict=True), Domain({x: Interval(0, 1, True, False)}))
true("inside an open interval, strict", AtLeast(1 - x, 0, strict=True), Domain({x: Interval(0, 1)}))
false("half open on the wrong side", AtLeast(x, 0, strict=True), Domain({x: Interval(0, 1, False, True)}))
true("strict on a closed interval, away from 0", AtLeast(2 - x, 0, strict=True), Domain({x: Interval(-1, 1, False, False)}))
false("strict at a corner of two closed intervals", AtLeast(2 - x - y, 0, strict=True),
      Domain({x: Interval(0, 1, False, False), y: Interval(0, 1, False, False)}))  # fmt: skip
true("a cosine is at most 1", AtLeast(1 - C**2, 0))
false("a cosine may be negative", AtLeast(C, 0))
true("a range that depends on another", AtLeast(q - x, 0, strict=True), Domain({x: Interval(0, q)}))
false("a range that depends on another, half of it", AtLeast(q / 2 - x, 0), Domain({x: Interval(0, q)}))
true("decay factor below 1", AtLeast(1 - (1 - eta * lam) ** 2, 0, strict=True), Domain({lam: Interval(0, 2 / eta)}))
false("decay factor below 1, range too wide", AtLeast(1 - (1 - eta * lam) ** 2, 0, strict=True), Domain({lam: Interval(0, 3 / eta)}))
true("a quartic without roots", AtLeast(x**4 - x + 1, 0, Combination((((x**2 - half) ** 2,), ((x - half) ** 2,), (half,)))))
false("a quartic with two roots", AtLeast(x**4 - 3 * x + 1, 0))
true("a cubic without roots on the half line", AtLeast(a**3 - 2 * a + 2, 0, Combination(((a, (a - 1) ** 2), (2 * (a - Rational(3, 4)) ** 2,), (Rational(7, 8),)))))
false("a cubic with a root on the half line", AtLeast(a**3 - 3 * a + 1, 0))
true("log(1 + y) >= y/(1 + y)", AtLeast(log(1 + a), a / (1 + a), Monotone(a, sp.S.Zero)))
false("log(1 + y) >= y", AtLeast(log(1 + a), a, Monotone(a, sp.S.Zero)))
false("log(1 + y) >= y/(1 + y) + 1/100", AtLeast(log(1 + a), a / (1 + a) + Rational(1, 100), Monotone(a, sp.S.Zero)))
true("the same, instantiated", AtLeast(log(1 + 2 * p), 2 * p / (1 + 2 * p), Combination(((Instance(log(1 + a) - a / (1 + a), a, 2 * p, Monotone(a, sp.S.Zero)),),))))
false("instantiated outside its range", AtLeast(log(1 + d), d / (1 + d) + half, Combination(((Instance(log(1 + a) - a / (1 + a), a, d, Monotone(a, sp.S.Zero)),),))),
      Domain({d: Interval(-1, 0)}))  # fmt: skip
HALF_LINE = Domain({x: Interval(0, sp.oo, False)})
false("a pole jumps over the sign", AtLeast(1 / (1 - x), 0, Monotone(x, sp.S.Zero)), HALF_LINE)
false("a tangent jumps over the sign", AtLeast(tan(x), 0, Monotone(x, sp.S.Zero)), HALF_LINE)
false("monotone, but not from its start", AtLeast(x**3 - 1, 0, Monotone(x, sp.S.Zero)), HALF_LINE)
false("monotone from a start inside the range", AtLeast(x, 1, Monotone(x, sp.S.One)), HALF_LINE)
true("sinh grows", AtLeast(sinh(a), 0, Monotone(a, sp.S.Zero)))
true("by a range that depends on another", AtLeast(x * p, y * p, Combination(((p, x - y),))), Domain({x: Interval(y, sp.oo)}))
false("the same, with a negative factor", AtLeast(-x * p, -y * p, Combination(((-p, x - y),))), Domain({x: Interval(y, sp.oo)}))
false("by another range", AtLeast(x * p, y * p, Combination(((p, x - y),))), Domain({x: Interval(-y, sp.oo)}))
false("a combination that does not add up", AtLeast(x**2 - 1, 0, Combination(((x**2,),))))
false("a square of something not real", AtLeast(-1 - x**2, 0, Combination((((sqrt(-1 - x**2)) ** 2,),))))
true("Cauchy-Schwarz by a length", AtLeast(1, C, Combination(((half, Length(unit(u) - unit(v))),))))
false("a length of something not real", AtLeast(-1 - x**2, 0, Combination(((Length(Vector({u: sqrt(-1 - x**2)}, {})),),))))
true("a sum of certified terms", AtLeast(candidates.total(2 - 2 * Cosine(u, member)), 0, Combination(((
    Termwise(((candidates.index, n),), sp.S.One, Combination(((Length(unit(u) - unit(member)),),))),),))))  # fmt: skip
false("a sum of terms that a range of one index certifies", AtLeast(UP_TO(3 - j), 0, Combination(((
    Termwise(((j, m),), sp.S.One, Combination(((3 - j,),))),),))), Domain({j: Interval(0, 3)}), beyond="needs more than 5 terms")  # fmt: skip
false("one member is not all members", AtLeast(candidates.total(Cosine(u, member)) ** 2, n * candidates.total(Cosine(u, member) ** 2)))
true("the mean of squares", AtLeast(candidates.total(Cosine(u, member) ** 2), 0))
false("an index that may be negative, summed", AtLeast(Sum(j, (j, -5, 1)), 0))
true("an index from 0", AtLeast(Sum(j, (j, 0, m)), 0))
false("a sum of one term and more", AtLeast(1, UP_TO(1 / j)))
true("within a part of the domain", Within(AtLeast(2 * x - 1, 0, strict=True), {x: Interval(half, 1)}), Domain({x: Interval(0, 1)}))
false("within too large a part", Within(AtLeast(2 * x - 1, 0, strict=True), {x: Interval(Rational(1, 4), 1)}), Domain({x: Interval(0, 1)}))
true("strictly more than itself minus something", AtLeast(exp(x), exp(x) - p, strict=True))
false("strictly more than itself", AtLeast(exp(x) * (1 + y), exp(x) + y * exp(x), strict=True))

# -- limits -----------------------------------------------------------------------------------------------------
true("ratio of polynomials", Tends((2 * t**2 + t) / (3 * t**2 + 1), t, Rational(2, 3)))
false("ratio of polynomials, inverted", Tends((2 * t**2 + t) / (3 * t**2 + 1), t, Rational(3, 2)))
true("effective learning rate", Tends(eta / sqrt(r**4 + 2 * eta**2 * G * t) * sqrt(t), t, 1 / sqrt(2 * G)))
false("effective learning rate, factor 2", Tends(eta / sqrt(r**4 + 2 * eta**2 * G * t) * sqrt(t), t, 1 / sqrt(G)))
false("effective learning rate, exponent", Tends(eta / sqrt(r**4 + 2 * eta**2 * G * t) * t, t, 1 / sqrt(2 * G)))
true("decay to equilibrium", Tends(z + (z0 - z) * exp(-4 * lam * t), t, z))
false("decay to the start", Tends(z + (z0 - z) * exp(-4 * lam * t), t, z0))
true("a logarithm loses", Tends(log(1 + t) / t, t, 0))
true("sinc at 0 by its logarithm", Tends(log(1 + 2 * t) / t, t, 2, at_zero=True))
false("the same, factor", Tends(log(1 + 2 * t) / t, t, 1, at_zero=True))
true("cancelling leading terms", Tends(sqrt(t**2 + t) - t, t, half), beyond="dominant terms cancel")
false("cancelling leading terms, near miss", Tends(sqrt(t**2 + t) - t, t, 0), beyond="dominant terms cancel")
false("growth", Tends(t**2 / (1 + t), t, 1))
false("growth at 0", Tends((1 + t) / t, t, 1, at_zero=True))
false("exponential growth", Tends(exp(t) / t**5, t, 0), beyond="no leading term")
true("exponential decay", Tends(t**5 * exp(-lam * t), t, 0))
true("limit of an exponential", Tends(exp(lam + 1 / t), t, exp(lam)))
false("limit of an exponential, without the exponent", Tends(exp(lam + 1 / t), t, 1))

# -- expansions -------------------------------------------------------------------------------------------------
e = sp.Symbol("epsilon", real=True)
true("fourth power of a step", Expands((r**2 + e**2 * G / r**2) ** 2, e, (r**4, 0, 2 * G, 0, G**2 / r**4)))
false("fourth power of a step, factor", Expands((r**2 + e**2 * G / r**2) ** 2, e, (r**4, 0, G)))
true("a root", Expands(sqrt(p + e), e, (sqrt(p), 1 / (2 * sqrt(p)), -1 / (8 * p ** Rational(3, 2)))))
false("a root, sign", Expands(sqrt(p + e), e, (sqrt(p), 1 / (2 * sqrt(p)), 1 / (8 * p ** Rational(3, 2)))))
true("cosine along w", Expands(cosine(vector(u) + e * vector(w), unit(v)), e, (C, Norm(w) / Norm(u) * (Cosine(v, w) - C * Cosine(u, w)))))
false("cosine along w, missing projection", Expands(cosine(vector(u) + e * vector(w), unit(v)), e, (C, Norm(w) / Norm(u) * Cosine(v, w))))
false("a kink", Expands(sp.Abs(e), e, (0, 0)), beyond="not smooth: no Taylor")
false("too few derivatives", Expands(s0 ** Rational(3, 2), s0, (0, 0)), beyond="not smooth: no Taylor")
true("softmax near uniform", Expands(1 / (1 + exp(-e)), e, (half, Rational(1, 4), 0, -Rational(1, 48))))
false("softmax near uniform, sign", Expands(1 / (1 + exp(-e)), e, (half, Rational(1, 4), 0, Rational(1, 48))))

# -- differential equations --------------------------------------------------------------------------------------
R = sp.Symbol("R", positive=True)
QUARTIC = (r**4 + 4 * c * t) ** Rational(1, 4)
true("quartic law", Solves(QUARTIC, R, t, c / R**3, r))
false("quartic law, exponent", Solves(QUARTIC, R, t, c / R**2, r))
false("quartic law, factor", Solves((r**4 + 2 * c * t) ** Rational(1, 4), R, t, c / R**3, r))
false("quartic law, initial value", Solves(QUARTIC, R, t, c / R**3, 2 * r))
RELAXED = eta * G / (2 * lam) + (z0 - eta * G / (2 * lam)) * exp(-4 * lam * t)
true("relaxation under decay", Solves(RELAXED, y, t, -4 * lam * y + 2 * eta * G, z0))
false("relaxation, rate", Solves(RELAXED, y, t, -2 * lam * y + 2 * eta * G, z0))
false("relaxation, drive", Solves(RELAXED, y, t, -4 * lam * y + eta * G, z0))
true("logistic growth", Solves(1 / (1 + exp(-t)), R, t, R * (1 - R), half))
false("logistic growth, initial value", Solves(1 / (1 + exp(-t)), R, t, R * (1 - R), 1))
true("unspecified drive", Solves(z0 + 2 * f(t) - 2 * f(0), y, t, 2 * f(t).diff(t), z0))
false("blow-up is no solution afterwards", Solves(1 / (1 - t), R, t, R**2, 1), beyond="a condition is named instead")
false("an inverse tangent that jumps", Solves(sp.atan(tan(t)), R, t, sp.S.One, 0), beyond="a condition is named instead")

# -- induction --------------------------------------------------------------------------------------------------
FOURTH = {z: z + 2 * a + a**2 / z, A: A + a}
START = {z: z0, A: sp.S.Zero}
true("sandwich from below", ByInduction(z - z0 - 2 * A, START, FOURTH, (z, z0 + 2 * A + s), s, starts_equal=True))
false("sandwich from below, factor", ByInduction(z - z0 - 3 * A, START, FOURTH, (z, z0 + 3 * A + s), s))
false("sandwich from below, base", ByInduction(z - 2 * z0 - 2 * A, START, FOURTH, (z, 2 * z0 + 2 * A + s), s))
false("sandwich from below, wrong direction", ByInduction(z0 + 2 * A - z, START, FOURTH, (z, z0 + 2 * A - s), s))
true("pure decay, exactly", ByInduction(z - p**N * z0, {z: z0, N: sp.S.Zero}, {z: p * z, N: N + 1}, (z, p**N * z0 + s), s, exact=True))
false("pure decay, off by one", ByInduction(z - p ** (N + 1) * z0, {z: z0, N: sp.S.Zero}, {z: p * z, N: N + 1}, (z, p ** (N + 1) * z0 + s), s, exact=True))
false("pure decay, wrong factor", ByInduction(z - p**N * z0, {z: z0, N: sp.S.Zero}, {z: p**2 * z, N: N + 1}, (z, p**N * z0 + s), s, exact=True))
true("sum of integers", ByInduction(2 * x - N * (N + 1), {x: sp.S.Zero, N: sp.S.Zero}, {x: x + N + 1, N: N + 1}, (x, (s + N * (N + 1)) / 2), s, exact=True))
false("sum of integers, wrong index", ByInduction(2 * x - N * (N + 1), {x: sp.S.Zero, N: sp.S.Zero}, {x: x + N, N: N + 1}, (x, (s + N * (N + 1)) / 2), s, exact=True))
false("only one branch of the slack is stepped", ByInduction(x**2 - 1, {x: sp.S(-2)}, {x: x + 1}, (x, sqrt(1 + s)), s))
true("true, though its step fails off the orbit", ByInduction(x * (1 - x), {x: sp.S.Zero}, {x: 2 * x}, (y, y + s), s), beyond="not inductive")
true("a step that leaves the range of its variable later", ByInduction(p, {p: sp.S.One}, {p: p - half}, (p, s), s), beyond="undefined once p is 0")
true("several at once", All((Equal(x + x, 2 * x), AtLeast(x**2, 0))))
false("several, one wrong", All((Equal(x + x, 2 * x), AtLeast(x, 0))))
