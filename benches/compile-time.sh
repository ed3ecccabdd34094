#!/usr/bin/env bash
# What a network costs the compiler: CPU seconds of `cargo check` for chains of
# convolutions through `network!`, beside a crate that only names typenet.
#
#     benches/compile-time.sh [chain length]...        (default: 10 50 100 200 400)
#
# Each layer of a chain has channels and a size of its own, so that no answer of
# the trait solver serves twice. The least of three runs counts; there is no
# incremental cache, and typenet itself has been built before. Linux knows the
# sum of user and system time exactly, but splits it by sampling, which is coarse
# for so short a run: so it is the sum that is compared. The last two columns are
# that sum less the empty crate's, and how many times the first chain's it is.
# tests/compile_time.rs reads this table.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
lengths=("${@:-10}")
if [ $# -eq 0 ]; then lengths=(10 50 100 200 400); fi
cargo=${CARGO:-cargo}
export CARGO_INCREMENTAL=0
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}/compile-time

crate=$(mktemp -d)
trap 'rm -rf "$crate"' EXIT
mkdir -p "$crate/src/bin"
cat > "$crate/Cargo.toml" <<TOML
[package]
name = "compile-time"
edition = "2024"
[workspace]
[dependencies]
typenet = { path = "$root" }
TOML
cp "$root/Cargo.lock" "$crate"
echo 'use typenet as _; fn main() {}' > "$crate/src/bin/chain0.rs"
for n in "${lengths[@]}"; do
  {
    echo "typenet::network! { struct Chain: [1, 1024, 1024] {"
    for ((i = 1; i <= n; i++)); do echo "  conv$i: Conv2d<$i, $((i + 1)), K = 3>,"; done
    echo "} } fn main() {}"
  } > "$crate/src/bin/chain$n.rs"
done

check() { "$cargo" check --quiet --offline --manifest-path "$crate/Cargo.toml" --bin "chain$1"; }

# The least time of three runs, `user sum` in milliseconds.
least() {
  local best=999999999 user=0 run times
  for run in 1 2 3; do
    touch "$crate/src/bin/chain$1.rs"
    # bash writes the times to the group's stderr, the compiler to descriptor 3.
    read -ra times < <({ TIMEFORMAT='%3U %3S'; time check "$1" 2>&3; } 3>&2 2>&1)
    times=("$((10#${times[0]/./}))" "$((10#${times[1]/./}))")
    if [ $((times[0] + times[1])) -lt "$best" ]; then
      best=$((times[0] + times[1])) user=${times[0]}
    fi
  done
  echo "$user $best"
}
seconds() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }

check 0 # builds typenet
read -r user empty < <(least 0)
printf '%12s %8s %14s %11s %8s\n' convolutions 'user s' 'user+system s' 'less empty' ratio
printf '%12s %8s %14s\n' empty "$(seconds "$user")" "$(seconds "$empty")"
first=
for n in "${lengths[@]}"; do
  read -r user total < <(least "$n")
  net=$((total - empty))
  if [ -z "$first" ]; then first=$((net > 0 ? net : 1)); fi
  ratio=$((net * 100 / first))
  printf '%12d %8s %14s %11s %5d.%02d\n' "$n" "$(seconds "$user")" "$(seconds "$total")" \
    "$(seconds "$net")" $((ratio / 100)) $((ratio % 100))
done
