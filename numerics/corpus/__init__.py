"""Text as data: a stream of words, and how specific their contexts are."""
