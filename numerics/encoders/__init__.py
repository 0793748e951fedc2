"""Shared encoders: weights that all items share, feed-forward networks, pooling."""
