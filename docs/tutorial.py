# %% [markdown]
# # From a cosine to your own loss
#
# Cosine similarity ignores the length of an embedding. Training does not. This page starts at that sentence and ends at a law
# for the length of a trained embedding, and at a loss of your own. Every number and every verdict below was computed when the page was
# built; the page is the script `docs/tutorial.py`, whose cells run in any editor that knows `# %%`.

# %%
import numpy as np

from derivations.evidence.formulas import value
from numerics.simulation.optimizers import Optimizer
from numerics.simulation.steps import descend, evaluate
from theory.catalogue import catalogue
from theory.claims import prove
from theory.laws.dynamics.fourth_power_sandwich import A as ACCUMULATED
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, DRIFT, HEAT, V_STAR
from theory.notation import G, eta, lam, r, z0

laws = catalogue()

# %% [markdown]
# ## Cosine ignores length
#
# Take one embedding and sixteen candidates of which the first is the right one, and put them into InfoNCE, a loss of cosines. Make
# the embedding three times as long: the loss stays what it is, and its gradient is a third.

# %%
rng = np.random.default_rng(0)
start, candidates = rng.standard_normal((1, 32)), rng.standard_normal((1, 16, 32))
near, far = (evaluate("infonce", length * start, candidates, 0.2) for length in (1.0, 3.0))
print(f"loss      {near.values[0]:.12f}  {far.values[0]:.12f}")
print(f"gradient  {np.linalg.norm(near.gradients):.12f}  {np.linalg.norm(far.gradients):.12f}")
print(f"along u   {np.sum(start * near.gradients):.1e}")

# %% [markdown]
# The last line is no accident. A loss that ignores the length has a gradient that is orthogonal to the embedding, and no other
# loss has. That is the first law; a record of it says what is claimed, and under which hypotheses.

# %%
laws["A1"]

# %% [markdown]
# A claim is no proof. The kernel decides every step, and tries the statement without each of its hypotheses:

# %%
proof = prove(laws["A1"])
print(proof.outcome)
for _, verdict in proof.steps:
    print(f"  {verdict.status.value} by {verdict.method}")
for witness in proof.witnesses:
    print(f"  without {witness.hypothesis}: {witness.verdict.status.value}")

# %% [markdown]
# ## A step goes along a tangent, and so outwards
#
# SGD moves the embedding along minus the gradient, at a right angle to it. By Pythagoras the squares add up, and the embedding gets
# longer whatever the loss wants. Here is one step of the simulator, which knows no law, beside the formula of the ledger, which knows
# no simulator. `energies` is $G = \lVert u\rVert^2\lVert\nabla_u L\rVert^2$.

# %%
one = descend("infonce", start, candidates, 0.2, 0.5, steps=1)
predicted = value(laws["B2"].formulas["next_squared_norm"], {r: np.sqrt(one.squared_norms[:, 0]), G: one.energies[:, 0], eta: 0.5})
print(f"before     {one.squared_norms[0, 0]:.12f}")
print(f"after      {one.squared_norms[0, 1]:.12f}")
print(f"predicted  {predicted[0]:.12f}")

# %% [markdown]
# ## The fourth root
#
# Long embeddings take short steps, so growth slows down. From a norm $r_0$ the fourth power of the norm is
# $r_0^4 + 2\sum_k \eta^2 G_k$ and a little more (B4): little if no step is long against the embedding, as here. So the norm ends at the
# fourth root of that, row by row, and the more of it was accumulated the nearer its slope against the sum, on logarithmic axes, is to 1/4.

# %%
rows, rate = 32, 0.05
starts, pools = 0.25 * rng.standard_normal((rows, 16)), rng.standard_normal((rows, 32, 16))
run = descend("infonce", starts, pools, 0.2, rate, steps=1_000_000, stride=10_000, batch=4, seed=1)
accumulated = rate**2 * np.cumsum(run.energies, axis=1)
fourth_powers = value(laws["B4"].formulas["lower"], {z0: run.squared_norms[:, :1] ** 2, ACCUMULATED: accumulated})
ratios = np.sqrt(run.squared_norms[:, -1]) / fourth_powers[:, -1] ** 0.25
print(f"norm at the end, over the fourth root: {np.min(ratios):.6f} to {np.max(ratios):.6f}")
for name, part in (("first tenth", slice(None, 10)), ("last half", slice(50, None))):
    logs = np.log(accumulated[:, part]), np.log(run.squared_norms[:, 1:][:, part]) / 2
    slope = np.mean([np.polyfit(*pair, 1)[0] for pair in zip(*logs, strict=True)])
    print(f"slope of log norm against log sum, {name}: {slope:.3f}")

# %% [markdown]
# ## Decay: heat against shortening
#
# Weight decay shortens all rows alike; the steps lengthen short rows most. There is a norm at which both balance. It grows with the
# gradient energy: what is told about differently in every batch is hot, and long.

# %%
decay = 0.02
settled = descend("infonce", starts, pools, 0.2, 0.5, decay, steps=10_000, stride=100, batch=4, seed=2)
tail = slice(50, None)
energy = settled.energies[:, tail].sum(axis=1) / (100 * settled.energies[:, tail].shape[1])
observed = np.mean(settled.squared_norms[:, 51:], axis=1)
equilibrium = np.sqrt(value(laws["B6"].formulas["equilibrium"], {G: energy, eta: 0.5, lam: decay}))
print(f"observed over predicted squared norm: {np.min(observed / equilibrium):.4f} to {np.max(observed / equilibrium):.4f}")
print(f"rank correlation of norm and energy: {np.corrcoef(observed.argsort().argsort(), energy.argsort().argsort())[0, 1]:.3f}")

# %% [markdown]
# ## Drift as well: the equilibrium of all three
#
# With inner products for logits a gradient has a part along the embedding: a drift $D$ of the norm at first order in the learning
# rate. The law of the equilibrium has it too, and holds of any loss: measured drift and heat in, squared norm out.

# %%
laws["C0"]

# %%
def predicted_squared_norm(run, rate, decay, steps_each):
    """C0's equilibrium, from drift and heat as they were measured over the second half of a run."""
    shape = laws["C0"].formulas
    half = slice(run.drifts.shape[1] // 2, None)
    drift, heat = (np.mean(x[:, half], axis=1) / steps_each for x in (run.drifts, run.heats))
    measured = {DRIFT: drift, HEAT: heat, eta: rate, lam: decay}
    drift_scale, heat_scale = (value(shape[name], measured) for name in ("drift_scale", "heat_scale"))
    return value(shape["equilibrium"], {D_STAR: drift_scale, V_STAR: np.sqrt(heat_scale)})


for loss, optimizer in (("infonce", "sgd"), ("dot_product_infonce", "sgd"), ("infonce", "adam")):
    found = descend(loss, starts, pools, 0.5, 0.02, 0.1, steps=10_000, stride=100, batch=4, seed=3, optimizer=Optimizer(optimizer))
    seen = np.mean(found.squared_norms[:, 51:], axis=1) / predicted_squared_norm(found, 0.02, 0.1, 100)
    print(f"{loss:<20} {optimizer:<5} observed over predicted: {np.min(seen):.3f} to {np.max(seen):.3f}")

# %% [markdown]
# ## Your own loss
#
# Say that your loss is a triplet with a margin, or anything else that you can write. Ask first whether it sees a length:

# %%
from theory.statements import loss as own_loss
from theory.statements import prove as prove_statement

margin = own_loss("max(0, m - cos(u, p) + cos(u, q))")
print(margin.scale_invariant)

# %% [markdown]
# It does not, so all that was said above is true of it. The kernel proves it as a statement in every dimension, for all vectors:

# %%
prove_statement("dot(u, grad(L, u)) == 0", where={"L": "log(1 + exp((cos(u, q) - cos(u, p))/tau))"}, given=["tau > 0"])

# %% [markdown]
# And with an inner product in place of a cosine it is refuted, with vectors that you can check by hand:

# %%
prove_statement("dot(u, grad(L, u)) == 0", where={"L": "log(1 + exp((dot(u, q) - dot(u, p))/tau))"}, given=["tau > 0"])

# %% [markdown]
# From here: the laws, chapter by chapter; or `normlaw prove --help`, which has the whole language of statements.
