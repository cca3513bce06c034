"""Reads .ticket files with the reference implementation of safetensors, and checks them independently.

Usage: python ticket_reader.py FILE...    (needs the packages safetensors and numpy)

Prints one JSON line per file: {file, ok, problems, density, densities, tensors: {name: shape}}. Exits 1 when a
file is not ok.
"""

import hashlib
import json
import sys

from safetensors import safe_open


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(path):
    with safe_open(path, framework="np") as file:
        tensors = {name: (file.get_slice(name).get_dtype(), file.get_tensor(name)) for name in file.keys()}
        return tensors, file.metadata() or {}


def seal(tensors, metadata):
    """The seal as the file format's description has it: metadata, then each tensor by name."""
    digest = hashlib.sha256()
    sealed = {key: text for key, text in metadata.items() if key != "seal"}
    digest.update((canonical(sealed) + "\n").encode())
    for name in sorted(tensors):
        dtype, values = tensors[name]
        description = {"dtype": dtype, "name": name, "shape": list(values.shape)}
        digest.update((canonical(description) + "\n").encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


def masks_of(tensors):
    prefix = "mask/"
    return {name[len(prefix) :]: values for name, (_, values) in tensors.items() if name.startswith(prefix)}


def problems_of(tensors, metadata, masks, density):
    if seal(tensors, metadata) != metadata.get("seal"):
        yield "the seal does not match the contents"
    if abs(json.loads(metadata.get("density", "-1")) - density) > 1e-9:
        yield "the masks do not have the density that the metadata say"
    for name, mask in masks.items():
        if not ((mask == 0) | (mask == 1)).all():
            yield f"mask/{name} holds something else than 0 and 1"
        for group in ("trained", "best"):
            if tensors[f"{group}/{name}"][1][mask == 0].any():
                yield f"{group}/{name} is not zero where it is masked"


def check(path):
    try:
        tensors, metadata = read(path)
        masks = masks_of(tensors)
        total = sum(mask.size for mask in masks.values())
        density = sum(int(mask.sum()) for mask in masks.values()) / total
        problems = list(problems_of(tensors, metadata, masks, density))
    except Exception as error:  # Whatever a file does to the reader is the report, not a crash.
        return {"file": path, "ok": False, "problems": [f"{type(error).__name__}: {error}"]}
    return {
        "file": path,
        "ok": not problems,
        "problems": problems,
        "density": density,
        "densities": {name: float(mask.mean()) for name, mask in masks.items()},
        "tensors": {name: list(values.shape) for name, (_, values) in sorted(tensors.items())},
    }


def main(paths):
    reports = [check(path) for path in paths]
    for report in reports:
        print(json.dumps(report))
    return 0 if reports and all(report["ok"] for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
