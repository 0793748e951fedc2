"""The laws: one file each, named by its statement; chapters are folders."""
