"""A small real model trained, its log checked: word embeddings on the Python language reference, in PyTorch or in JAX with optax.

``python -m derivations.log_demo`` trains them under SGD, momentum and AdamW, on cosines and on inner products, and compares what
``normlaw check-log`` says with what the theory says beforehand. `cases` names the runs, `pairs` makes batches of word and context,
`with_torch` and `with_optax` train.
"""
