"""The command line: arguments, their checks, one-line errors. Light to import."""
