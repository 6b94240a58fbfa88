"""What is known of a model before it is built. Neither torch nor any network is imported to list the models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field

from sdm.errors import RunError
from sdm.formats.typed_json import from_json
from sdm.modalities import MODALITIES
from sdm.modalities.predictors import input_family

PLACE = "place (longitude, latitude)"
EXAMPLE_WIDTH = 300  # species for which a specification counts parameters


class LazyClass:
    """A class named "module:Class", with its first arguments; its module is imported when it is first used.

    >>> LazyClass("datetime:timedelta", 1)(3600).total_seconds()
    90000.0
    """

    def __init__(self, name: str, *arguments: Any) -> None:
        self.name, self.arguments = name, arguments

    def load(self) -> Any:
        """The class itself."""
        module, _, name = self.name.partition(":")
        return getattr(import_module(module), name)

    def __call__(self, *arguments: Any) -> Any:
        """An instance."""
        return self.load()(*self.arguments, *arguments)


Size = Annotated[int, Field(ge=1, le=1 << 16)]  # of a layer, or of a neighbourhood
Side = Annotated[int, Field(ge=0, le=1024)]  # of an image in pixels
Share = Annotated[float, Field(ge=0, lt=1)]
NO_CHANGES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class ModelSpec:
    """What is known of a model before it is trained.

    - build: the class of the model, called with target kind, width and an instance of its `configuration`, a
      frozen dataclass whose types carry their limits; `defaults` are the fields this row sets in it
    - inputs: modality -> preparation (`sdm.models.preparation.PREPARATIONS`) of what it sees
    - parameters: trainable numbers for EXAMPLE_WIDTH species; 0 for a baseline, which counts instead of learning
    - uses_masks: whether it sees which values were missing (else a missing value reads as the band mean)
    - recipe: the training options it is known to work with
    - full_size: whether it wants a GPU
    - site: what it reads of the survey itself, in words; the place where nothing is said and it has no inputs
    - families: kinds of input (`sdm.modalities.predictors.input_family`, or names of listed modalities) of which
      the data set decides the one that is read, the field `modality` of the configuration; `inputs` are those of
      an example
    - kinds: the kinds of target it is for, by name; all where nothing is said

    A configuration that has properties `inputs` or `sees_place`, or a field `modality_dropout`, overrules its row.
    """

    name: str
    title: str
    description: str
    reference: str
    build: LazyClass
    inputs: Mapping[str, str]
    parameters: int
    uses_masks: bool = False
    recipe: Mapping[str, Any] = field(default_factory=lambda: NO_CHANGES)
    defaults: Mapping[str, Any] = field(default_factory=lambda: NO_CHANGES)
    full_size: bool = False
    site: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def baseline(self) -> bool:
        """Whether it is fitted in one go and kept as a table, not trained epoch by epoch."""
        return self.parameters == 0

    def configuration(self, changes: Mapping[str, Any] = NO_CHANGES) -> Any:
        """The model's configuration; RunError for changes it cannot have."""
        values = {**self.defaults, **changes}
        return from_json(self.build.load().configuration, values, RunError, f"configuration of {self.name}")

    def completed(self, changes: Mapping[str, Any], modalities: Iterable[str]) -> Mapping[str, Any]:
        """`changes` with the modality to read, the first suitable one of a data set's `modalities`, where the
        model leaves it to the data and nothing else is said."""
        suitable = [name for name in modalities if (input_family(name) or name) in self.families]
        if "modality" in changes or not suitable:
            return changes
        return {**changes, "modality": suitable[0]}

    def inputs_of(self, changes: Mapping[str, Any] = NO_CHANGES) -> Mapping[str, str]:
        """Modality -> preparation of a model so changed."""
        inputs: Mapping[str, str] = getattr(self.configuration(changes), "inputs", self.inputs)
        return inputs

    def survives_missing(self, changes: Mapping[str, Any] = NO_CHANGES) -> bool:
        """Whether a model so changed learns to do without some of its inputs."""
        return bool(getattr(self.configuration(changes), "modality_dropout", 0) > 0)

    def sees_place(self, changes: Mapping[str, Any] = NO_CHANGES) -> bool:
        """Whether a model so changed knows where a survey is."""
        return bool(getattr(self.configuration(changes), "sees_place", not self.inputs))

    def sees(self, changes: Mapping[str, Any] = NO_CHANGES) -> list[str]:
        """All that a model so changed sees, in words: its modalities, then what it reads of the survey itself."""
        place = (PLACE,) if self.sees_place(changes) else ()
        return [*(MODALITIES[name].title for name in self.inputs_of(changes)), *(self.site or place)]
