"""Update rules, one a file: how a step or a velocity is made from an embedding and its gradient."""
