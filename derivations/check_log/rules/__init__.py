"""Whether the logged moves are those of the rule that the log names: by definitions of rules, no law.

`applied` takes decay out of a move and says how far storage may have bent it; `moving` compares SGD's moves record by record, `momentum`
what two steps in a row say of one momentum, `scaled` RMSProp's scale, `signs` the length of sign steps, `replay` one coordinate of every
row from the optimiser's first step; `rule` chooses.
"""
