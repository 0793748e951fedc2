"""The companion paper, written from the records: summary, notation, laws, tables, figures, broken variants, bibliography."""
