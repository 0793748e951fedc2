"""What a PyTorch optimiser says of itself: which rule it is, and with which constants. Reads attributes; imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numerics.validation import InvalidInput

OTHERWISE = ("maximize", "amsgrad", "centered", "dampening", "nesterov_momentum")  # options that make another rule of it


def group_of(optimizer: Any, name: str, table: Any) -> dict[str, Any]:
    """The parameter group of a table, (rows, d)."""
    if table.ndim != 2:
        raise InvalidInput(f"watched[{name!r}] has shape {tuple(table.shape)}, must be a table of rows")
    for group in optimizer.param_groups:
        if any(p is table for p in group["params"]):
            found: dict[str, Any] = group
            return found
    raise InvalidInput(f"watched[{name!r}] is not a parameter of the optimiser")


def setting_of(optimizer: Any, groups: Mapping[str, dict[str, Any]], tables: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of `Setting`; tables in groups that differ in more than learning rate and size of decay are refused."""
    rules = {name: rule_of(type(optimizer).__name__, group) for name, group in groups.items()}
    kinds = {name: str(t.dtype).removeprefix("torch.") for name, t in tables.items()}
    found: Mapping[str, Any]
    for what, found in (("optimiser's settings", rules), ("precision", kinds)):
        names = list(found)
        for name in names[1:]:
            if found[name] != found[names[0]]:
                raise InvalidInput(f"{names[0]!r} and {name!r} differ in their {what}, must be logged apart")
    name, group = next(iter(groups.items()))
    kept = {key: _plain(value) for key, value in group.items() if key != "params"}
    return {**rules[name], "precision": kinds[name], "hyper_parameters": {"class": type(optimizer).__name__, **kept}}


def _plain(value: Any) -> Any:
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value if isinstance(value, bool | int | float) else str(value)


def rule_of(kind: str, group: Mapping[str, Any]) -> dict[str, Any]:
    """Rule, decay and constants by the class; what does other things than the rule of that name is ``other``."""
    decays = float(group.get("weight_decay", 0.0)) > 0
    coupled = "coupled" if decays else "none"
    if any(group.get(name) for name in OTHERWISE):
        return {"optimizer": "other", "decay": coupled}
    if kind == "SGD":
        beta = float(group["momentum"])
        return {"optimizer": "sgd" if not beta else "nesterov" if group["nesterov"] else "heavy_ball", "momentum": beta, "decay": coupled}
    if kind in ("Adam", "AdamW"):
        apart = kind == "AdamW" or bool(group.get("decoupled_weight_decay"))
        first, second = (float(b) for b in group["betas"])
        return {"optimizer": "adam", "momentum": first, "second_momentum": second, "epsilon": float(group["eps"]),
                "decay": "decoupled" if decays and apart else coupled}  # fmt: skip
    if kind == "Lion":  # not PyTorch's own; the usual ones keep decay apart, as the paper does
        first, second = (float(b) for b in group["betas"])
        return {"optimizer": "lion", "momentum": first, "second_momentum": second, "decay": "decoupled" if decays else "none"}
    if kind == "RMSprop" and not group["momentum"]:
        return {"optimizer": "rmsprop", "second_momentum": float(group["alpha"]), "epsilon": float(group["eps"]), "decay": coupled}
    return {"optimizer": "other", "decay": coupled}
