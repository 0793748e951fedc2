"""Statements of the language, drawn from its grammar: any, ones that are true by construction, and mere text."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

VECTORS, SCALARS = ("u", "v", "w"), ("x", "y")


@cache
def scalars(depth: int) -> st.SearchStrategy[str]:
    """An expression that is a scalar."""
    leaf = st.sampled_from([*SCALARS, "1", "2", "1/2", "3", "pi"])
    if depth == 0:
        return leaf
    s, v = scalars(depth - 1), vectors(depth - 1)
    return st.one_of(
        leaf,
        st.builds("dot({}, {})".format, v, v),
        st.builds("norm({})".format, v),
        st.builds("cos({}, {})".format, v, v),
        st.builds("({} {} {})".format, s, st.sampled_from("+-*"), s),
        st.builds("({})/({} + 2)".format, s, st.sampled_from(["norm(u)", "x**2", "3"])),
        st.builds("({})**{}".format, s, st.sampled_from(["2", "3", "-1", "(1/2)"])),
        st.builds("{}({})".format, st.sampled_from(["exp", "log", "sqrt", "abs", "tanh", "sin", "cos", "arctan", "arccos"]), s),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), s, s),
        st.builds("sum({}, j, 1, {})".format, indexed(depth - 1), st.sampled_from(["n", "2", "3"])),
        st.builds("diff({}, x)".format, s.map("(x + {})".format)),
    )


@cache
def indexed(depth: int) -> st.SearchStrategy[str]:
    """A scalar that depends on the index j."""
    of = st.sampled_from(["dot(u, z[j])", "cos(u, z[j])", "norm(z[j])", "j", "exp(cos(u, z[j]))", "norm(u - z[j])**2"])
    return st.builds("{}*({})".format, of, scalars(depth))


@cache
def vectors(depth: int) -> st.SearchStrategy[str]:
    """An expression that is a vector."""
    leaf = st.sampled_from(VECTORS)
    if depth == 0:
        return leaf
    s, v = scalars(depth - 1), vectors(depth - 1)
    return st.one_of(
        leaf,
        st.builds("({} {} {})".format, v, st.sampled_from("+-"), v),
        st.builds("({})*{}".format, s, v),
        st.builds("unit({})".format, v),
        st.builds("proj({}, {})".format, v, v),
        st.builds("grad({} + dot(u, v), u)".format, s),
        st.builds("hess({} + dot(u, v)**2, u, {})".format, s, v),
    )


def statements() -> st.SearchStrategy[str]:
    """Any relation; most are false."""
    relation = st.sampled_from(["==", "<=", "<", ">=", ">"])
    return st.one_of(
        st.builds("{} {} {}".format, scalars(2), relation, scalars(2)),
        st.builds("{} == {}".format, vectors(2), vectors(1)),
        st.builds("scale_invariant({} + dot(u, v), u)".format, scalars(1)),
        st.builds("{0} {1} {0}".format, scalars(2), relation),
    )


def true_statements() -> st.SearchStrategy[str]:
    """Instances of theorems: true wherever they are defined."""
    s, v = scalars(1), vectors(1)
    return st.one_of(
        st.builds("dot({0}, {1}) == dot({1}, {0})".format, v, v),
        st.builds("norm({0} + {1})**2 == norm({0})**2 + 2*dot({0}, {1}) + norm({1})**2".format, v, v),
        st.builds("dot({0}, proj({0}, {1})) == 0".format, v, v),
        st.builds("({0} + {1})**2 == {0}**2 + 2*({0})*({1}) + ({1})**2".format, s.map("({})".format), s),
        st.builds("norm(unit({})) == 1".format, v),
        st.builds("max({0}, {1}) + min({0}, {1}) == {0} + {1}".format, s, s),
        st.builds("grad(({0})*dot(u, v), u) == ({0})*v".format, st.sampled_from(["x", "norm(v)", "cos(v, w)", "exp(y)"])),
        st.builds("grad(exp({0} + dot(u, v)), u) == exp({0} + dot(u, v))*grad({0} + dot(u, v), u)".format, s),
        st.builds("dot(w, hess({0} + dot(u, v), u, v)) == dot(v, hess({0} + dot(u, v), u, w))".format, s),
    )


def conditions() -> st.SearchStrategy[tuple[str, ...]]:
    """A few conditions, which may contradict each other."""
    one = st.sampled_from(
        ["x > 0", "x >= 1", "0 < y < 1", "dot(u, v) == 0", "cos(u, w) >= 0", "norm(u) == 1", "x != y", "x == y + 1", "n >= 2", "x < -1"]
    )
    return st.lists(one, max_size=2, unique=True).map(tuple)


def texts() -> st.SearchStrategy[str]:
    """Words and signs of the language in any order, and characters that are none of it."""
    words = ["u", "v", "x", "j", "n", "1", "2.5", "1e9", "norm", "dot", "cos", "grad", "sum", "scale_invariant", "exp", "max", "pi", "L"]
    signs = ["(", ")", "[", "]", ",", "+", "-", "*", "/", "**", "==", "<=", "<", ">", "!=", "=", " "]
    strange = ["é", "τ", "а", "\x00", "\n", "'", '"', "\\", "__import__", "lambda", ":", ";", "∑", "𝑥", "１", "_", ".", "\ud800"]
    soup = st.lists(st.sampled_from(words + signs + strange), max_size=30).map("".join)
    return st.one_of(soup, st.text(max_size=40), st.builds("{}{}".format, statements(), soup))
