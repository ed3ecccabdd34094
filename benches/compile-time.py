#!/usr/bin/env python3
"""What a network costs the compiler: user CPU time of `cargo check`.

    benches/compile-time.py [--runs 5] [--peer FOLDER] [--next-solver] [ROW ...]

Each row is a generated crate. It is touched and checked without an incremental
cache (with one, nearly nothing is done again, so that such a figure says
nothing); typenet itself has been checked before. The least of the runs counts,
and an empty crate that only names typenet, measured in the same rounds, is
subtracted. Linux knows the sum of user and system time exactly but splits it by
sampling, which is coarse for so short a run: both are shown, ratios are of the
sum. Memory is the largest of rustc's.

--peer takes a copy of dfdx's harness (shared/bench/rust/dfdx: Cargo.toml, src/bin/vgg16.rs,
src/bin/lenet.rs) that has been checked once; its feature `nightly` is let in by
RUSTC_BOOTSTRAP=1. --next-solver also measures with `-Znext-solver=globally` for
typenet and the generated crates, not for their dependencies.

Needs Python 3 and Linux; nothing is written outside the target folder.
"""
import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "compile-time"
USE = "#![allow(dead_code)]\nuse typenet::prelude::*;\n"


def chain(n, const=False):
    # Channels of their own, so that no answer of the solver serves twice.
    k = "K3" if const else "3"
    head = USE + ("pub const K3: usize = 3;\n" if const else "")
    layers = "".join(f"c{i}: Conv2d<{i}, {i + 1}, K = {k}, P = 1>,\n" for i in range(1, n + 1))
    return f"{head}network! {{ pub struct Net: [1, 64, 64] {{\n{layers}}} }}\n"


def residual(n):
    block = (
        "network! { pub struct Block<const C: usize> {\n"
        "Residual { c1: Conv2d<C, C, K = 3, P = 1, BIAS = false>, b1: BatchNorm2d<_>, r1: Relu,\n"
        "c2: Conv2d<C, C, K = 3, P = 1, BIAS = false>, b2: BatchNorm2d<_> },\nr2: Relu } }\n"
    )
    layers = "".join(f"b{i}: Block<16>,\n" for i in range(n))
    return f"{USE}{block}network! {{ pub struct Net: [16, 64, 64] {{\n{layers}}} }}\n"


def inline_residual(n):
    # Blocks written out, each with a width of its own.
    layers = "".join(
        f"res{i}: Residual {{ c1: Conv2d<{i}, {i}, K = 3, P = 1, BIAS = false>, b1: BatchNorm2d<_>, r: Relu,"
        f" c2: Conv2d<{i}, {i}, K = 3, P = 1, BIAS = false>, b2: BatchNorm2d<_> }},"
        f" w{i}: Conv2d<{i}, {i + 1}, K = 1>,\n"
        for i in range(1, n + 1)
    )
    return f"{USE}network! {{ pub struct Net: [1, 64, 64] {{\n{layers}}} }}\n"


def vgg16():
    layers, channels, n = "", 3, 0
    for stage, (width, count) in enumerate([(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)], 1):
        for _ in range(count):
            n += 1
            layers += f"conv{n}: Conv2d<{channels}, {width}, K = 3, P = 1>,\nrelu{n}: Relu,\n"
            channels = width
        layers += f"pool{stage}: MaxPool2d<K = 2, S = 2>,\n"
    layers += (
        "flatten: Flatten,\nfc6: Linear<25088, 4096>,\nrelu14: Relu,\n"
        "fc7: Linear<4096, 4096>,\nrelu15: Relu,\nfc8: Linear<4096, 1000>,\n"
    )
    return f"{USE}network! {{ pub struct Vgg16: [3, 224, 224] -> [1000] {{\n{layers}}} }}\n"


def resnet152():
    body = (
        "conv1: Conv2d<I, M, K = 1, BIAS = false>, bn1: BatchNorm2d<_>, relu1: Relu,\n"
        "conv2: Conv2d<M, M, K = 3, S = S, P = 1, BIAS = false>, bn2: BatchNorm2d<_>, relu2: Relu,\n"
        "conv3: Conv2d<M, O, K = 1, BIAS = false>, bn3: BatchNorm2d<_>,\n"
    )
    params = "const I: usize, const M: usize, const O: usize, const S: usize"
    down = (
        f"network! {{ pub struct Down<{params}> where O == 4 * M {{\nResidual {{\n{body}}} shortcut {{\n"
        '#[name = "downsample.0"] conv: Conv2d<I, O, K = 1, S = S, BIAS = false>,\n'
        '#[name = "downsample.1"] bn: BatchNorm2d<_>,\n},\nrelu3: Relu } }\n'
    )
    same = (
        "network! { pub struct Same<const I: usize, const M: usize> where I == 4 * M {\nResidual {\n"
        + body.replace("S = S, ", "").replace("O, K", "I, K")
        + "},\nrelu3: Relu } }\n"
    )
    layers, channels = "", 64
    for stage, (width, count, stride) in enumerate([(64, 3, 1), (128, 8, 2), (256, 36, 2), (512, 3, 2)], 1):
        out = 4 * width
        layers += f"down{stage}: Down<{channels}, {width}, {out}, {stride}>,\n"
        layers += f"layer{stage}: [Same<{out}, {width}>; {count - 1}],\n"
        channels = out
    return (
        f"{USE}{down}{same}network! {{ pub struct ResNet152: [3, 224, 224] -> [1000] {{\n"
        "conv1: Conv2d<3, 64, K = 7, S = 2, P = 3, BIAS = false>, bn1: BatchNorm2d<64>, relu: Relu,\n"
        f"maxpool: MaxPool2d<K = 3, S = 2, P = 1>,\n{layers}pool: GlobalAvgPool2d, fc: Linear<2048, 1000>,\n}} }}\n"
    )


def zoo(only_vgg16=False):
    """The sources of the zoo as a crate of their own: what they cost typenet is what they cost here."""
    sources = ROOT / "src/zoo"
    files = {file.stem: file for file in sorted(sources.glob("*.rs")) if file.stem not in ("classes", "entry")}
    modules, networks = "", re.findall(r"^    (\w+)::ENTRY,", (ROOT / "src/zoo.rs").read_text(), re.M)
    for name, file in files.items():
        modules += f'#[path = "{file}"]\nmod {name};\npub use {name}::*;\n'
    if only_vgg16:
        head, *parts = (sources / "vgg.rs").read_text().split("\nnetwork! {")
        parts = [part for part in parts if re.search(r"pub struct (ConvRelu|VggClassifier|Vgg16\w*)\b", part)]
        modules, networks = "mod vgg {\n" + "\nnetwork! {".join([head, *parts]) + "}\npub use vgg::*;\n", ["Vgg16"]
        modules = re.sub(r"^//!.*\n", "", modules, flags=re.M)
    return f"""#![allow(dead_code, unused_imports)]
pub use typenet::{{Network, prelude, spec::Spec}};
pub use typenet::preprocessing::{{Crop, Preprocessing}};
#[path = "{sources}/classes.rs"]
mod classes;
pub use classes::Classes;
{modules}
// Proven, counted and listed as in the zoo.
pub struct Entry(pub &'static Spec<'static>, pub u64, pub u64);
impl Entry {{
    const fn of<N: Network>(_: &str, _: &str, _: Preprocessing, _: Classes) -> Self {{
        let () = N::PROOF;
        Self(N::SPEC, N::PARAMS, N::MACS)
    }}
}}
pub trait Published: Network {{
    const ENTRY: Entry;
}}
pub const ENTRIES: &[Entry] = &[{", ".join(f"{network}::ENTRY" for network in networks)}];
"""


ROWS = {
    "empty": USE.replace("use", "#[allow(unused_imports)]\nuse"),
    **{f"literals-{n}": chain(n) for n in (50, 100, 200, 400)},
    **{f"consts-{n}": chain(n, const=True) for n in (50, 100, 200, 400)},
    **{f"blocks-{n}": residual(n) for n in (100, 400)},
    **{f"inline-residuals-{n}": inline_residual(n) for n in (100, 400)},
    "vgg16": vgg16(),
    "resnet152": resnet152(),
    "zoo-vgg16": zoo(only_vgg16=True),
    "zoo": zoo(),
}


def write(name, text):
    folder = TARGET / "crates" / name
    (folder / "src").mkdir(parents=True, exist_ok=True)
    manifest = f'[package]\nname = "{name}"\nedition = "2024"\n[workspace]\n[dependencies]\ntypenet = {{ path = "{ROOT}" }}\n'
    (folder / "Cargo.toml").write_text(manifest)
    (folder / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    (folder / "src/lib.rs").write_text(text)
    return folder


def check(folder, env, *args):
    """Seconds of processor time, of user time alone, and megabytes of one check."""
    command = [os.environ.get("CARGO", "cargo"), "check", "--quiet", "--offline", *args]
    process = subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        sys.exit(f"{folder.name} does not compile:\n{errors.decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_utime, usage.ru_maxrss / 1024


def measure(jobs, runs):
    """The least time and the largest memory of each `name: (folder, env, args, file)`."""
    best = {name: (float("inf"), float("inf"), 0.0) for name in jobs}
    for turn in range(runs + 1):
        for name, (folder, env, args, file) in jobs.items():
            os.utime(file)
            time, user, memory = check(folder, env, *args)
            if turn > 0:  # the first builds what is depended on
                least = best[name]
                best[name] = (min(least[0], time), min(least[1], user), max(least[2], memory))
    return best


def table(title, best, peer):
    empty = best["empty"][0]
    print(f"\n{title}\n{'crate':24} {'user s':>8} {'+ system':>9} {'less empty':>11} {'MB':>6}  ratio")
    for name, (time, user, memory) in best.items():
        net = time - empty
        stem, _, count = name.rpartition("-")
        base = best.get(f"{stem}-100")
        ratio = f"{net / (base[0] - empty):.2f} × {stem}-100" if base and count == "400" else ""
        if name == "zoo":
            ratios = [f"{net / (best[one][0] - empty):.1f} × {one}" for one in ("zoo-vgg16", "vgg16") if one in best]
            ratio = ", ".join(ratios)
        if peer and name in ("vgg16", "resnet152"):
            ratio = f"{net / peer:.2f} × the peer's VGG16"
        print(f"{name:24} {user:8.3f} {time:9.3f} {net:11.3f} {memory:6.0f}  {ratio}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--peer-config", default="", help="a --config for cargo, such as the patched dfdx")
    parser.add_argument("--next-solver", action="store_true")
    parser.add_argument("rows", nargs="*", help=", ".join(ROWS))
    options = parser.parse_args()
    rows = {"empty": ROWS["empty"]} | {name: ROWS[name] for name in options.rows or ROWS}
    env = os.environ | {"CARGO_INCREMENTAL": "0", "CARGO_TARGET_DIR": str(TARGET / "target")}
    jobs = {name: (folder := write(name, text), env, (), folder / "src/lib.rs") for name, text in rows.items()}
    if options.peer:
        peer_env = os.environ | {
            "CARGO_INCREMENTAL": "0",
            "RUSTC_BOOTSTRAP": "1",
            "CARGO_TARGET_DIR": str(TARGET / "peer"),
        }
        config = ("--config", options.peer_config) if options.peer_config else ()
        empty = options.peer / "src/bin/empty.rs"
        empty.write_text("use dfdx as _;\nfn main() {}\n")
        manifest = options.peer / "Cargo.toml"
        if 'name = "empty"' not in manifest.read_text():
            manifest.write_text(manifest.read_text() + '\n[[bin]]\nname = "empty"\npath = "src/bin/empty.rs"\n')
        for name in ("empty", "lenet", "vgg16"):
            jobs[f"peer {name}"] = (options.peer, peer_env, (*config, "--bin", name), options.peer / f"src/bin/{name}.rs")
    best = measure(jobs, options.runs)
    peer = None
    if options.peer:
        peer = best["peer vgg16"][0] - best["peer empty"][0]
        empty = best["peer empty"][0]
        print(f"peer (dfdx 0.13)\n{'crate':24} {'user s':>8} {'+ system':>9} {'less empty':>11} {'MB':>6}")
        for name in ("empty", "lenet", "vgg16"):
            time, user, memory = best.pop(f"peer {name}")
            print(f"{name:24} {user:8.3f} {time:9.3f} {time - empty:11.3f} {memory:6.0f}")
    table("typenet", best, peer)
    if options.next_solver:
        # Workspace members only: path dependencies go through the wrapper too, so
        # the wrapper tells ours by their names.
        wrapper = TARGET / "next-solver.sh"
        names = "|".join(["typenet", "typenet_macros", *(name.replace("-", "_") for name in rows)])
        wrapper.write_text(
            f'#!/bin/sh\ncase " $* " in *" --crate-name "*) n=${{*#*--crate-name }}; n=${{n%% *}};; *) n=;; esac\n'
            f'case "$n" in {names}) export RUSTC_BOOTSTRAP=1; exec "$@" -Znext-solver=globally;; esac\nexec "$@"\n'
        )
        wrapper.chmod(0o755)
        solver_env = env | {"RUSTC_WRAPPER": str(wrapper), "CARGO_TARGET_DIR": str(TARGET / "next")}
        jobs = {name: (TARGET / "crates" / name, solver_env, (), TARGET / "crates" / name / "src/lib.rs") for name in rows}
        table("typenet, next solver", measure(jobs, options.runs), peer)


if __name__ == "__main__":
    main()
