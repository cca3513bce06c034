"""Takes shared libraries out of the wheel of ONNX Runtime.

    python3 extract_libraries.py <wheel> <folder> <name> ...

Writes <folder>/<name> for each name.
"""

import shutil
import sys
import zipfile
from pathlib import Path


def main(wheel: str, folder: str, *names: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            with (
                archive.open(f"onnxruntime/capi/{name}") as source,
                open(Path(folder) / name, "wb") as file,
            ):
                shutil.copyfileobj(source, file)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        sys.exit(str(error.args[-1] if isinstance(error, KeyError) else error))
