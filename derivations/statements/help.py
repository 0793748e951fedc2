"""What ``normlaw prove --help`` and ``normlaw check --help`` teach; imports nothing."""

PROVE = """\
Proves or refutes a statement of your own. It is claimed for every dimension, all vectors other
than 0 and all real scalars that meet the conditions, wherever everything in it is defined.

  relations    ==  <=  <  >=  >      one in a statement; in a condition also != and 0 < x <= 1
  arithmetic   +  -  *  /  **        of scalars; of vectors + - and times or by a scalar
  vectors      dot(u, v)  norm(u)  cos(u, v)  unit(u)  proj(u, v): the part of v orthogonal to u
  calculus     grad(L, u)  hess(L, u, w): the Hessian times w  diff(f, x): by a scalar
  sums         sum(dot(u, v[j]), j, 1, n): any number of vectors v[1] ... v[n]; or 1 to 3
  scalars      exp log sqrt abs max min sin cos tan arcsin arccos arctan sinh cosh tanh  pi
  statement    scale_invariant(L, u): L is the same at c*u for every c > 0

What is a vector and what a scalar is found from use. A definition that is not used is an error, and
so is a derivative of what does not depend on the variable. The text is parsed, never executed.

  normlaw prove "norm(u - eta*grad(L,u))**2 == norm(u)**2 + eta**2*norm(grad(L,u))**2" \\
      --where "L=-cos(u,v)/tau"
  normlaw prove "dot(u, grad(L,u)) == 0" --where "L=norm(u-v)**2"       refuted, with vectors
  normlaw prove "norm(next) >= norm(u)" --where "next=u - eta*g" --given "dot(u,g)==0"
  normlaw prove --given=-1<x -- "-x < 1"          a text that begins with a minus

A proof is the kernel's, and holds in any dimension; a refutation is a set of exact vectors, in the
smallest dimension in which one was found with rational coordinates, with both sides to 50 digits.
Derivatives are taken by the chain rule; at a kink, such as that of abs at 0, they are not defined.

exit status: 0 proved, 1 refuted, 3 undecided, 2 for a text that cannot be read, or output that
cannot be written
"""
CHECK = """\
Checks the claims of a TOML file, and writes ledger.json and ledger.md: every verdict, the one that
was expected, and whether they agree.

  where = { L = "-cos(u, v)/tau" }       # definitions and conditions for all claims
  given = ["tau > 0"]

  [[claim]]
  name = "the gradient is orthogonal"
  statement = "dot(u, grad(L, u)) == 0"

  [[claim]]
  name = "it has no bound that ignores the norm"
  statement = "norm(grad(L, u)) <= 1/tau"
  expect = "refuted"                     # proved (the default), refuted or undecided

A claim may have where and given of its own, which are added to those above; a definition for all
claims has to be used in one of them. The language is that of normlaw prove. Exits with 0 only if
every verdict is the expected one, with 1 if not, and with 2 for a file that cannot be read or for
output that cannot be written.
"""
