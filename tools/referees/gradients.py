"""Compares gradients and training loops with finite differences, in the ONNX project's reference evaluator.

    python tools/referees/gradients.py FOLDER

FOLDER holds cases.json, a list of cases as gradients.mjs writes them, and the graphs they name, in double precision:

- kind "gradients": `graphs.model` computes `loss` and `gradient/<x>` for each x of `wrt`. Each gradient must be that of
  central differences of the loss.
- kind "training": `graphs.model` trains for some steps in one Loop; `graphs.loss` is the loss of one batch. The same
  steps are taken here, with gradients by central differences and the optimizers written out below, and the losses and
  parameters must agree. Masked weights must stay zero.

Prints one JSON line per case, `{"case": ..., "maxError": number or null, "ok": ..., "error": null or text}`, and exits 0
when all are ok, 1 otherwise. Errors are relative to 1 + |expected|.

Needs the packages onnx (tried: 1.23.2) and numpy (tried: 2.4.6).
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

TOLERANCE = 1e-7
STEP = 1e-5


class Erf(OpRun):
    """The evaluator's own rounds to single precision."""

    op_domain = ""

    def _run(self, x):
        return (np.vectorize(math.erf, otypes=[x.dtype])(x),)


def array(described):
    return np.array(described["values"], dtype=described["dtype"]).reshape(described["shape"])


def load(folder, name):
    model = onnx.load(folder / name)
    onnx.checker.check_model(model, full_check=True)
    return ReferenceEvaluator(model, new_ops=[Erf])


def error_of(actual, expected):
    """The largest error; not a number when the shapes differ or anything is not finite."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape or not np.isfinite(actual).all():
        return math.nan
    return float(np.max(np.abs(actual - expected) / (1 + np.abs(expected)), initial=0))


def central_differences(function, point):
    slope = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        above, below = point.copy(), point.copy()
        above[index] += STEP
        below[index] -= STEP
        slope[index] = (function(above) - function(below)) / (2 * STEP)
    return slope


def gradient_errors(case, folder):
    model = load(folder, case["graphs"]["model"])
    inputs = {name: array(described) for name, described in case["inputs"].items()}

    def loss_with(name):
        return lambda value: float(model.run(["loss"], {**inputs, name: value})[0])

    for name in case["wrt"]:
        (gradient,) = model.run([f"gradient/{name}"], inputs)
        yield error_of(gradient, central_differences(loss_with(name), inputs[name]))


def sgd(_state, gradient, spec, _step):
    return spec["rate"] * gradient


def momentum(state, gradient, spec, _step):
    state["velocity"] = spec["momentum"] * state.get("velocity", 0) + gradient
    return spec["rate"] * state["velocity"]


def adam(state, gradient, spec, step):
    """Kingma and Ba 2015, the form at the end of their section 2: epsilon outside the bias correction."""
    state["m"] = spec["beta1"] * state.get("m", 0) + (1 - spec["beta1"]) * gradient
    state["v"] = spec["beta2"] * state.get("v", 0) + (1 - spec["beta2"]) * gradient**2
    rate = spec["rate"] * math.sqrt(1 - spec["beta2"] ** step) / (1 - spec["beta1"] ** step)
    return rate * state["m"] / (np.sqrt(state["v"]) + spec["epsilon"])


CHANGES = {"sgd": sgd, "momentum": momentum, "adam": adam}


def train_by_hand(case, inputs, loss):
    """The losses of the steps and the parameters after them."""
    change = CHANGES[case["optimizer"]["kind"]]
    parameters = {name: inputs[f"parameter/{name}"] for name in case["parameters"]}
    states = {name: {} for name in parameters}
    losses = []
    for step, rows in enumerate(inputs["indices"], start=1):
        batch = {
            "input": inputs["data.inputs"][rows].astype(np.float64) * case["inputScale"],
            "labels": inputs["data.labels"][rows],
        }

        def loss_of(changed):
            return float(loss.run(["loss"], {**batch, **parameters, **changed})[0])

        losses.append(loss_of({}))
        gradients = {
            name: central_differences(lambda value, name=name: loss_of({name: value}), parameter)
            * inputs.get(f"mask/{name}", 1)
            for name, parameter in parameters.items()
        }
        parameters = {
            name: parameter - change(states[name], gradients[name], case["optimizer"], step)
            for name, parameter in parameters.items()
        }
    return losses, parameters


def training_errors(case, folder):
    model = load(folder, case["graphs"]["model"])
    inputs = {name: array(described) for name, described in case["inputs"].items()}
    outputs = dict(zip(model.output_names, model.run(None, inputs)))
    losses, parameters = train_by_hand(case, inputs, load(folder, case["graphs"]["loss"]))
    yield error_of(np.ravel(outputs["losses"]), losses)
    for name, expected in parameters.items():
        trained = outputs[f"next/parameter/{name}"]
        yield error_of(trained, expected)
        mask = inputs.get(f"mask/{name}")
        if mask is not None and trained[mask == 0].any():
            raise ValueError(f"masked weights of {name} are not zero")


def judge(case, folder):
    errors_of = {"gradients": gradient_errors, "training": training_errors}[case["kind"]]
    try:
        errors = list(errors_of(case, folder))
    except Exception as error:  # whatever stops the evaluator is the verdict on this case
        return {"case": case["case"], "maxError": None, "ok": False, "error": f"{type(error).__name__}: {error}"}
    finite = all(math.isfinite(error) for error in errors)
    worst = max(errors) if finite else None
    return {"case": case["case"], "maxError": worst, "ok": finite and worst < TOLERANCE, "error": None}


def main(folder):
    np.seterr(all="ignore")
    verdicts = []
    for case in json.loads((folder / "cases.json").read_text()):
        verdicts.append(judge(case, folder))
        print(json.dumps(verdicts[-1]), flush=True)
    return 0 if verdicts and all(verdict["ok"] for verdict in verdicts) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(Path(sys.argv[1])))
