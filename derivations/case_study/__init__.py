"""A case study on real embeddings: the nouns of WordNet 3.0 and their glosses under a sentence encoder, trained and not.

``python -m derivations.case_study --wordnet DIR --out DIR``. Optional: it needs the extra ``case-study`` and WordNet's files.
"""
