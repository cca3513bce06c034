"""Runs .onnx files in the reference evaluator of the ONNX project and compares their logits with expected ones.

    python tools/referees/onnx_reference.py MODEL.onnx SAMPLES.json [MODEL.onnx SAMPLES.json ...]

SAMPLES.json holds one batch for the model before it, row-major:

    {"inputs": {"input": {"dtype": "float32", "shape": [2, 28, 28], "values": [...]}},
     "logits": {"dtype": "float32", "shape": [2, 10], "values": [...]},
     "tolerance": 1e-4}

Prints one JSON line per model, `{"file": ..., "ok": ..., "maxDifference": number or null, "error": null or text}`, and
exits 0 when every logit is within the tolerance (1e-4 where none is given) of the expected one, relative to the largest
expected magnitude (at least 1); 1 when one is not or a model cannot be run; 2 when called otherwise.

The evaluator takes sparse initializers only as dense ones, so they are written out first.

Needs the packages onnx (tried: 1.23.2) and numpy (tried: 2.4.6).
"""

import json
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

from onnx_checker import densify

TOLERANCE = 1e-4


class GlobalMaxPool(OpRun):
    """The evaluator's own is right for two axes of sizes alone: of one it takes the maximum over the channels too."""

    op_domain = ""

    def _run(self, x):
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


def along(values, x, axis):
    """A scale or zero point in a shape that meets its axis of x: one number, or one for each place along the axis."""
    if values.ndim == 0:
        return values
    shape = [1] * x.ndim
    shape[1 if axis is None else axis] = values.size
    return values.reshape(shape)


class QuantizeLinear(OpRun):
    """As operator set 18 has it; the evaluator hands over the attributes of later ones too. Halves go to the even number."""

    op_domain = ""

    def _run(self, x, y_scale, y_zero_point=None, axis=None, **_):
        zero = np.array(0, np.uint8) if y_zero_point is None else y_zero_point
        limits = np.iinfo(zero.dtype)
        steps = np.rint(x / along(y_scale, x, axis)) + along(zero, x, axis).astype(np.int32)
        return (np.clip(steps, limits.min, limits.max).astype(zero.dtype),)


class DequantizeLinear(OpRun):
    """As operator set 18 has it; the evaluator has later ones alone, and hands over their attributes too."""

    op_domain = ""

    def _run(self, x, x_scale, x_zero_point=None, axis=None, **_):
        steps = x.astype(np.int32)
        if x_zero_point is not None:
            steps = steps - along(x_zero_point, x, axis).astype(np.int32)
        return (steps.astype(np.float32) * along(x_scale, x, axis),)


OPERATORS = [GlobalMaxPool, QuantizeLinear, DequantizeLinear]


def tensor(entry):
    """An array from its entry in the samples."""
    return np.array(entry["values"], entry["dtype"]).reshape(entry["shape"])


def difference(model_file, samples_file):
    """The largest difference of a logit, and how much is allowed."""
    with open(samples_file, encoding="utf-8") as file:
        samples = json.load(file)
    model = onnx.load(model_file)
    densify(model.graph)
    expected = tensor(samples["logits"])
    inputs = {name: tensor(entry) for name, entry in samples["inputs"].items()}
    (found,) = ReferenceEvaluator(model, new_ops=OPERATORS).run(["logits"], inputs)
    if found.shape != expected.shape or found.dtype != np.float32:
        raise ValueError(f"logits are {found.dtype} {found.shape}, expected float32 {expected.shape}")
    allowed = samples.get("tolerance", TOLERANCE) * max(1.0, float(np.abs(expected).max(initial=0)))
    return float(np.abs(found.astype(np.float64) - expected).max(initial=0)), allowed


def verdict(model_file, samples_file):
    try:
        largest, allowed = difference(model_file, samples_file)
    except Exception as error:  # Whatever a library raises about a file is that file's verdict.
        text = f"{type(error).__name__}: {error}"
        return {"file": model_file, "ok": False, "maxDifference": None, "error": text}
    # A difference that is not a number is not within the limit, and JSON has no number for it.
    if not np.isfinite(largest):
        return {"file": model_file, "ok": False, "maxDifference": None, "error": "a logit is not finite"}
    return {"file": model_file, "ok": largest <= allowed, "maxDifference": largest, "error": None}


def main(files):
    if not files or len(files) % 2 != 0:
        print("usage: onnx_reference.py MODEL.onnx SAMPLES.json [MODEL.onnx SAMPLES.json ...]", file=sys.stderr)
        return 2
    passed = True
    for model_file, samples_file in zip(files[::2], files[1::2]):
        result = verdict(model_file, samples_file)
        passed = passed and result["ok"]
        print(json.dumps(result), flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
