"""What a person sees in a terminal: tables, derivations, formulas in plain text, progress. Nothing here decides anything."""
