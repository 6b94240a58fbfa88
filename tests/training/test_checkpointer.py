"""The state of an interrupted training is whole, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from sdm.errors import RunError
from sdm.training import checkpointer


def trained(seed: int) -> tuple[nn.Linear, torch.optim.AdamW]:
    """A network after one step, so that its optimiser has a state."""
    torch.manual_seed(seed)
    network = nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    return network, optimizer


def test_state_survives(tmp_path: Path) -> None:
    network, optimizer = trained(0)
    position = checkpointer.Position(7, 1.5, 3.25, 0.4, 2)
    checkpointer.save_state(tmp_path, network, optimizer, None, position)
    other, theirs = trained(1)
    assert checkpointer.load_state(tmp_path, other, theirs, None) == position
    assert torch.equal(other.weight, network.weight)
    for ours, restored in zip(optimizer.state.values(), theirs.state.values(), strict=True):
        assert ours.keys() == restored.keys()
        assert all(torch.equal(ours[name], restored[name]) for name in ours)
    checkpointer.remove_state(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("killed_in", ["write_tensors", "write_json", "replace"])
def test_killed_while_saving_leaves_one_whole_state(
    killed_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpointer.save_state(tmp_path, *trained(0), None, checkpointer.Position(1))

    class KilledError(BaseException):
        pass

    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        if killed_in == "replace":
            real = Path.replace

            def replace(path: Path, target: Path) -> Path:
                if target.name == "resume.safetensors":
                    raise KilledError
                return real(path, target)

            patch.setattr(Path, "replace", replace)
        else:
            patch.setattr(checkpointer, killed_in, die)
        with pytest.raises(KilledError):
            checkpointer.save_state(tmp_path, *trained(1), None, checkpointer.Position(2))
    network, optimizer = trained(2)
    found = checkpointer.load_state(tmp_path, network, optimizer, None)
    assert found.step == (2 if killed_in == "replace" else 1)
    assert torch.equal(network.weight, trained(found.step - 1)[0].weight)


def test_a_damaged_state_is_refused(tmp_path: Path) -> None:
    checkpointer.save_state(tmp_path, *trained(0), None, checkpointer.Position(1))
    path = tmp_path / "resume.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(RunError, match="damaged"):
        checkpointer.load_state(tmp_path, *trained(0), None)
    (tmp_path / "resume.json").write_text('{"position": {"step": "many"}}')
    with pytest.raises(RunError, match=r"resume\.json"):
        checkpointer.load_state(tmp_path, *trained(0), None)
