"""The quartic law on real text: a table trained on words, its norms predicted from its own drives, tables and pictures of both."""
