"""Checks .onnx files with the reference checker of the ONNX project.

    python tools/referees/onnx_checker.py FILE...

Prints one JSON line per file, `{"file": ..., "ok": ..., "error": null or text}`, and exits 0 when all files pass,
1 when one does not, 2 when called without files.

Two checks run on each file: the checker on the model as it is, and the checker with full shape inference. Shape
inference types a sparse initializer as a sparse tensor, which MatMul, Gemm and Conv do not admit, so it sees a copy
whose sparse initializers are written out.

Needs the packages onnx (tried: 1.23.2) and numpy (tried: 2.4.6).
"""

import json
import sys

import numpy as np
import onnx
from onnx import numpy_helper


def dense_tensor(sparse):
    """A sparse initializer written out, under its own name."""
    values = numpy_helper.to_array(sparse.values)
    indices = numpy_helper.to_array(sparse.indices)
    if indices.ndim == 2:
        indices = np.ravel_multi_index(tuple(indices.T), tuple(sparse.dims))
    dense = np.zeros(int(np.prod(sparse.dims, dtype=np.int64)), values.dtype)
    dense[indices] = values
    return numpy_helper.from_array(dense.reshape(sparse.dims), sparse.values.name)


def densify(graph):
    """Writes out the sparse initializers of a graph and of the graphs in its nodes' attributes."""
    graph.initializer.extend(dense_tensor(sparse) for sparse in graph.sparse_initializer)
    del graph.sparse_initializer[:]
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])):
                densify(inner)


def check(file):
    model = onnx.load(file)
    onnx.checker.check_model(model)
    densify(model.graph)
    onnx.checker.check_model(model, full_check=True)


def verdict(file):
    try:
        check(file)
    except Exception as error:  # Whatever a library raises about a file is that file's verdict.
        return {"file": file, "ok": False, "error": f"{type(error).__name__}: {error}"}
    return {"file": file, "ok": True, "error": None}


def main(files):
    if not files:
        print("usage: onnx_checker.py FILE...", file=sys.stderr)
        return 2
    passed = True
    for file in files:
        result = verdict(file)
        passed = passed and result["ok"]
        print(json.dumps(result), flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
