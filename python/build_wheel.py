"""Builds the wheel with nothing but the standard library, and the same bytes every time.

A build backend (PEP 517) for ``pip install ./python`` and ``pip wheel ./python``, neither of which then needs
a network, and a script: ``python3 python/build_wheel.py FOLDER`` prints the path of the wheel. Needs Python
3.11; the wheel itself runs on older ones. It must never put anything into the wheel that git does not have.
"""

import base64
import hashlib
import json
import sys
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = "kindred_testing"
#: Oldest time that a zip can tell; the time of the build is nobody's business.
EPOCH = (1980, 1, 1, 0, 0, 0)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """The hook of PEP 517: writes the wheel and returns its name."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    version = json.loads((HERE.parent / "package.json").read_text("utf-8"))["version"]
    info = f"{PACKAGE}-{version}.dist-info"
    files = {
        f"{PACKAGE}/{path.name}": path.read_bytes()
        for path in sorted((HERE / PACKAGE).iterdir())
        if path.suffix == ".py" or path.name == "py.typed"
    }
    for name in ("LICENSE", "NOTICE"):
        files[f"{info}/licenses/{name}"] = (HERE.parent / name).read_bytes()
    files[f"{info}/METADATA"] = _metadata(project, version).encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: kindred\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{info}/entry_points.txt"] = _entry_points(project).encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    name = f"{PACKAGE}-{version}-py3-none-any.whl"
    target = Path(wheel_directory) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as wheel:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.external_attr = 0o100644 << 16
            # The same on every system and with every zlib: stored as it is.
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_STORED
            wheel.writestr(entry, content)
    return name


def build_sdist(sdist_directory, config_settings=None):
    """The hook of PEP 517 that is not served: the sources of the wheel are Kindred's repository."""
    raise SystemExit("there is no source distribution; build the wheel: pip wheel ./python")


def _metadata(project, version):
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {version}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        "License-File: LICENSE",
        "License-File: NOTICE",
        f"Keywords: {','.join(project['keywords'])}",
        *(f"Classifier: {classifier}" for classifier in project["classifiers"]),
        f"Requires-Python: {project['requires-python']}",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n\n" + (HERE / "README.md").read_text("utf-8")


def _entry_points(project):
    groups = project["entry-points"].items()
    return "".join(
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
        for group, points in groups
    )


def _record(files, own):
    rows = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(content)}\n")
    return "".join(rows) + f"{own},,\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: build_wheel.py FOLDER")
    print(Path(sys.argv[1]) / build_wheel(sys.argv[1]))
