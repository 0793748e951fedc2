"""Norms as confidence: which posterior is Bayes', what an error costs, what a power of the norm does to a ranking."""
