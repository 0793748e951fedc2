"""One module a command, each with ``run(options) -> int``, the exit status."""
