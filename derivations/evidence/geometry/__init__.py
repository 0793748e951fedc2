"""Evidence for the geometry of scale invariance."""
