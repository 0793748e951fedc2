"""Evidence for the dynamics of the norm."""
