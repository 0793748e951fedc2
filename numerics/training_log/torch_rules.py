"""What a PyTorch optimiser says of itself: which rule it is, and with which constants. Reads attributes; imports no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from numerics.simulation.optimizers import FORMATS
from numerics.validation import InvalidInput

CONSTANT = ("momentum", "nesterov", "betas", "eps", "alpha", "decoupled_weight_decay", "maximize", "amsgrad", "centered", "dampening",
            "nesterov_momentum")  # fmt: skip
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
    return {**rules[name], "precision": kinds[name], "rate_format": rate_format(groups.values()),
            "hyper_parameters": {"class": type(optimizer).__name__, **kept}}


def constants(group: Mapping[str, Any]) -> dict[str, Any]:
    """What of a group decides on its rule, and whether it decays; numbers on a device are not waited for."""
    there = {key: group[key] for key in CONSTANT if key in group}
    return {**{key: value for key, value in there.items() if not hasattr(value, "device")}, "decays": bool(group.get("weight_decay", 0.0))}


def changes(name: str, old: Mapping[str, Any], group: Mapping[str, Any], step: int) -> str:
    """Constants that are others than they were, but for learning rate and size of decay, which are recorded; or nothing.

    Decay that ends is in the record too; decay that begins is of a kind that the log does not name.
    """
    now = constants(group)
    found = [f"{key} from {old[key]} to {now[key]}" for key in old if key in now and now[key] != old[key] and (key != "decays" or now[key])]
    return f"{', '.join(found)} of {name!r} by step {step}" if found else ""


def rate_format(groups: Iterable[Mapping[str, Any]]) -> str:
    """The format of learning rates that are tensors; nothing where they are numbers, which are rounded to that of the table."""
    kinds = [str(group["lr"].dtype).removeprefix("torch.") for group in groups if hasattr(group["lr"], "dtype")]
    return min(kinds, key=lambda kind: FORMATS[kind][0] or 53) if kinds else ""


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
