"""Evidence for the semantic imprint."""
