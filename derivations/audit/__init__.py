"""``normlaw audit``: what the norms of a file of embeddings mean, and where that parts from what the ledger predicts."""
