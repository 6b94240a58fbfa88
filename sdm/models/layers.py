"""The layers of a network as a table, read from its own modules by one pass without numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import torch
from torch import nn

from sdm.data.dataset import TargetKind
from sdm.modalities import MODALITIES
from sdm.models.contract import Network
from sdm.models.encoders import SITE
from sdm.models.preparation import Batch
from sdm.models.registry import build

MOST = 10  # rows of a branch; what would be more stays one row
NEARLY_ALL = 0.9  # of the parameters of a branch
COLUMNS = ("branch", "layer", "type", "shape", "parameters")
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """A module, or with `module` None the parameters that module `name` holds itself."""

    name: str
    module: nn.Module | None
    parameters: int


@dataclass(frozen=True)
class Pass:
    """What one forward pass has shown: module -> shape of its output without the batch, in the order of calls."""

    shapes: Mapping[str, Shape]
    order: Mapping[str, int]

    def reached(self, name: str) -> bool:
        """Whether the module or one inside it was called."""
        return any(called == name or called.startswith(f"{name}.") for called in self.order)

    def first(self, name: str) -> int:
        """When it was called first; before all others what never was."""
        return min((at for called, at in self.order.items() if f"{called}.".startswith(f"{name}.")), default=-1)


def model_layers(name: str, kind: TargetKind, width: int, config: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """The layers of model `name`, a network, for `width` columns of `kind`; see `layer_table`.

    Its parameters have shapes and no numbers: of the largest network too, it takes seconds.
    """
    with torch.device("meta"):
        network = build(name, kind, width, config)
        assert isinstance(network, Network)
        return layer_table(network, {name: MODALITIES[name].shape for name in network.inputs})


def layer_table(network: Network, inputs: Mapping[str, Shape]) -> pd.DataFrame:
    """A row per layer in the order of the data's way: COLUMNS.

    `branch` is the modality of an encoder of a fusion, "" of what follows and of any other network; `shape` that
    of the output without the batch, None where a layer is no module that was called; `parameters` add up to those
    of the network. Functions that are no modules (sums, means, ReLU in residual blocks) have no row.
    """
    ran = _run(network, inputs)
    found = getattr(network, "encoders", None)
    encoders = dict(found.items()) if isinstance(found, nn.ModuleDict) else {}
    rows = [] if encoders else _inputs("", inputs or {SITE: (2,)})
    for branch, encoder in encoders.items():
        rows += _inputs(branch, {branch: inputs.get(branch, (2,))})
        rows += _rows(branch, _expanded([_part(f"encoders.{branch}", encoder)], ran), ran)
        rows += _missing(network, branch)
    after = _children(_part("", network), ran)
    if encoders:
        after = [part for part in after if part.name not in ("encoders", "missing")]
    rows += _rows("", _expanded(after, ran), ran)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _run(network: Network, inputs: Mapping[str, Shape]) -> Pass:
    """One pass of a batch of one survey on the device of the network, nothing dropped."""
    shapes: dict[str, Shape] = {}
    order: dict[str, int] = {}

    def note(name: str, _module: nn.Module, _seen: object, out: Any) -> None:
        first = out
        while isinstance(first, tuple):
            first = first[0]
        shapes[name] = tuple(first.shape[1:])
        order.setdefault(name, len(order))

    hooks = [module.register_forward_hook(partial(note, name)) for name, module in network.named_modules() if name]
    training = network.training
    try:
        network.eval()(_batch(inputs, network.head.weight.device))
    finally:
        network.train(training)
        for hook in hooks:
            hook.remove()
    return Pass(shapes, order)


def _batch(inputs: Mapping[str, Shape], device: torch.device) -> Batch:
    batch: Batch = {SITE: torch.zeros(1, 4, dtype=torch.float64, device=device)}
    for name, shape in inputs.items():
        batch[name] = torch.zeros(1, *shape, device=device)
        batch[f"{name}_valid"] = torch.ones(1, *shape, dtype=torch.bool, device=device)
    return batch


def _expanded(parts: list[Part], ran: Pass) -> list[Part]:
    """`parts` opened level by level, at last the one that holds nearly all, up to MOST parts."""
    while True:
        every = [child for one in parts for child in _inside(one, ran)]
        largest = max(parts, key=lambda one: one.parameters)
        nearly_all = largest.parameters >= NEARLY_ALL * sum(one.parameters for one in parts)
        alone = [child for one in parts for child in (_inside(one, ran) if one is largest else [one])]
        for deeper in [every, *([alone] if nearly_all else [])]:
            if len(deeper) <= MOST and deeper != parts:
                parts = deeper
                break
        else:
            return parts


def _inside(part: Part, ran: Pass) -> list[Part]:
    """What is in the part, itself where it stays closed."""
    return _children(part, ran) if _opens(part, ran) else [part]


def _opens(part: Part, ran: Pass) -> bool:
    """Whether all that is in the module can be told: it has modules, and those with parameters were called."""
    if part.module is None or isinstance(part.module, nn.ParameterDict):
        return False
    inside = [(name, child) for name, child in part.module.named_children() if _count(child)]
    return bool(list(part.module.children())) and all(ran.reached(_join(part.name, name)) for name, _ in inside)


def _children(part: Part, ran: Pass) -> list[Part]:
    """What the module holds itself, and its modules in the order of calls; none without parameters or a call."""
    assert part.module is not None
    own = sum(one.numel() for one in part.module.parameters(recurse=False))
    parts = [_part(_join(part.name, name), child) for name, child in part.module.named_children()]
    shown = [one for one in parts if _shows(one, ran)]
    return [Part(part.name, None, own)] * (own > 0) + sorted(shown, key=lambda one: ran.first(one.name))


def _shows(part: Part, ran: Pass) -> bool:
    """Whether the module changes anything: not an identity, nor dropout of nothing."""
    idle = isinstance(part.module, nn.Identity) or getattr(part.module, "p", 1) == 0
    return bool(part.parameters) or (ran.reached(part.name) and not idle)


def _rows(branch: str, parts: list[Part], ran: Pass) -> list[tuple[Any, ...]]:
    prefix = f"encoders.{branch}."
    return [
        (branch, part.name.removeprefix(prefix), _type(part), ran.shapes.get(part.name) if part.module else None,
         part.parameters)
        for part in parts
    ]  # fmt: skip


def _inputs(branch: str, inputs: Mapping[str, Shape]) -> list[tuple[Any, ...]]:
    titles = {name: MODALITIES[name].title if name in MODALITIES else "place" for name in inputs}
    return [(branch, "input", titles[name], shape, 0) for name, shape in inputs.items()]


def _missing(network: Network, branch: str) -> list[tuple[Any, ...]]:
    """The learnt vector that stands in for a missing modality."""
    learnt = getattr(network, "missing", {})
    if branch not in learnt:
        return []
    return [(branch, "missing", "learnt vector if missing", tuple(learnt[branch].shape), learnt[branch].numel())]


def _type(part: Part) -> str:
    """The class of a layer with the numbers that matter."""
    module = part.module
    if module is None:
        return "learnt vectors"
    if isinstance(module, nn.Conv2d):
        (height, wide), (stride, _) = module.kernel_size, module.stride
        return f"Conv2d {height} x {wide}" + (f", stride {stride}" if stride > 1 else "")
    if isinstance(module, nn.Dropout):
        return f"Dropout {module.p:g}"
    inside = [type(child).__name__ for child in module.children()]
    if isinstance(module, nn.Sequential | nn.ModuleList) and len(set(inside)) == 1:
        return f"{len(inside)} x {inside[0]}"
    if isinstance(module, nn.Sequential):
        return ", ".join(inside)
    return type(module).__name__


def _part(name: str, module: nn.Module) -> Part:
    return Part(name, module, _count(module))


def _count(module: nn.Module) -> int:
    return sum(one.numel() for one in module.parameters())


def _join(name: str, child: str) -> str:
    return f"{name}.{child}" if name else child
