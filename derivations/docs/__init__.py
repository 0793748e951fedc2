"""The documentation as a site that works offline: ``normlaw docs --out DIR``.

`cells` runs the tutorial and writes down what it printed, `pages` makes a page of every claim and chapter, `reference` lists the modules
whose docstrings are shown, `sources` puts all pages into a folder, `site` has Sphinx build it, strictly, and `katex` sets the formulas.
"""
