"""The ledger and how it is made: jobs, the processes that do them, what is kept of earlier runs, and what is written down."""
