"""Takes out of TensorFlow's wheel what an addon for Node.js is built against: two libraries and the C headers.

    python3 extract_wheel.py <wheel> <folder>

Writes <folder>/lib and <folder>/include.
"""

import shutil
import sys
import zipfile
from pathlib import Path, PurePosixPath

LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")
HEADERS = ("tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/")


def place(member: str) -> PurePosixPath | None:
    """Where a file of the wheel goes, if it is one that is needed."""
    path = PurePosixPath(member)
    if path.parent == PurePosixPath("tensorflow") and path.name in LIBRARIES:
        return PurePosixPath("lib") / path.name
    include = "tensorflow/include/"
    header = member.removeprefix(include)
    if member.startswith(include) and header.startswith(HEADERS) and path.suffix == ".h":
        return PurePosixPath("include") / header
    return None


def main(wheel: str, folder: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            target = place(member)
            if target is None:
                continue
            path = Path(folder) / target
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, open(path, "wb") as file:
                shutil.copyfileobj(source, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
