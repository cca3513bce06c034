"""Bags of words in sparse rows, as bench.mjs writes them for this side."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor


class Bags(NamedTuple):
    """Compressed sparse rows: row i has values[offsets[i]:offsets[i + 1]], in columns that stand in indices."""

    offsets: Tensor
    """int64 `[n + 1]`"""
    indices: Tensor
    """int64"""
    values: Tensor
    """float32"""
    width: int

    def dense(self) -> Tensor:
        """float32 `[n, width]`"""
        count = len(self.offsets) - 1
        rows = torch.repeat_interleave(torch.arange(count), self.offsets.diff())
        written = torch.zeros(count, self.width)
        written[rows, self.indices] = self.values
        return written

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Columns and values of some rows, one row after the other, and where each row begins."""
        begins = self.offsets[rows]
        lengths = self.offsets[rows + 1] - begins
        starts = lengths.cumsum(0) - lengths
        places = torch.arange(int(lengths.sum())) + torch.repeat_interleave(begins - starts, lengths)
        return self.indices[places], self.values[places], starts


def load_bags(folder: Path) -> tuple[Bags, Tensor]:
    """The training samples and their labels, int64 `[n]`.

    Raises OSError when a file cannot be read, ValueError when the files do not belong together.
    """
    count, width = json.loads((folder / "shape.json").read_text())
    offsets = np.fromfile(folder / "offsets.i32", "<i4")
    indices = np.fromfile(folder / "indices.i32", "<i4")
    values = np.fromfile(folder / "values.f32", "<f4")
    labels = np.fromfile(folder / "labels.i32", "<i4")
    if len(offsets) != count + 1 or len(labels) != count or not len(indices) == len(values) == offsets[-1]:
        raise ValueError(f"{folder}: the files do not belong together; delete the folder")
    as_int64 = [torch.from_numpy(array.astype(np.int64)) for array in (offsets, indices, labels)]
    return Bags(as_int64[0], as_int64[1], torch.from_numpy(values), width), as_int64[2]
