"""LaTeX, Markdown and JSON of the claims, made from the records: nothing is typed twice."""
