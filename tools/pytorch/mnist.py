"""MNIST from its four IDX files, as tensors that stay in memory."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor


class Samples(NamedTuple):
    inputs: Tensor
    """float32 `[n, 28, 28]`, scaled to 0-1."""
    labels: Tensor
    """int64 `[n]`, class numbers."""


def load_mnist(directory: Path) -> tuple[Samples, Samples]:
    """The 60,000 training and the 10,000 test samples.

    Raises ValueError when a file is not the IDX file it should be, OSError when it cannot be read.
    """
    return _samples(directory, "train"), _samples(directory, "t10k")


def _samples(directory: Path, split: str) -> Samples:
    images = _read_idx(directory / f"{split}-images-idx3-ubyte", dimensions=3)
    labels = _read_idx(directory / f"{split}-labels-idx1-ubyte", dimensions=1)
    if len(images) != len(labels):
        raise ValueError(f"{directory}: {split} has {len(images)} images and {len(labels)} labels; expected as many of each")
    return Samples(torch.from_numpy(images).float().div_(255), torch.from_numpy(labels).long())


def _read_idx(path: Path, dimensions: int) -> np.ndarray:
    """An IDX file of unsigned bytes: magic 00 00 08 <dimensions>, big-endian sizes, then the elements."""
    content = np.fromfile(path, dtype=np.uint8)
    start = 4 + 4 * dimensions
    if content.size < start or content[:4].tolist() != [0, 0, 8, dimensions]:
        raise ValueError(f"{path}: not an IDX file of unsigned bytes with {dimensions} dimensions")
    shape = [int(size) for size in content[4:start].view(">u4")]
    if content.size - start != int(np.prod(shape, dtype=np.int64)):
        raise ValueError(f"{path}: the header announces {shape}, but {content.size - start} elements follow")
    return content[start:].reshape(shape)
