"""Counts what the inner loops of the register tiles do besides computing.

    objdump -d --no-show-raw-insn PROGRAM | python3 benches/kernels/spills.py

for any program that prepares a network, built for release (`.ci/run` takes a LeNet-5).
For each innermost loop with twelve or more multiply-adds: instructions,
multiply-adds, vector loads and stores on the stack. A tile that is used has
none of the latter; fails if one of the widest (24, 27 or 28 multiply-adds of 512 bits)
has. Loops of the benchmark itself, whose probe reads the stack on purpose, are left out.
"""
import re, sys
from collections import Counter

functions, name = {}, None
for line in sys.stdin:
    head = re.match(r"^([0-9a-f]+) <(.*)>:", line)
    if head:
        name = head.group(2)
        functions[name] = []
    elif name and "\t" in line:
        functions[name].append(line)

def loops(lines):
    at = {int(line.split(":")[0], 16): i for i, line in enumerate(lines)}
    for i, line in enumerate(lines):
        jump = re.search(r"\tj\w+\s+([0-9a-f]+)", line)
        if jump and at.get(int(jump.group(1), 16), i) < i:
            yield lines[at[int(jump.group(1), 16)] : i + 1]

table = Counter()
for name, lines in functions.items():
    if "7kernels" in name:
        continue
    bodies = [body for body in loops(lines) if sum("vfmadd" in line for line in body) >= 12]
    if bodies:
        body = min(bodies, key=len)
        fma = sum("vfmadd" in line for line in body)
        wide = "zmm" if any("zmm" in line for line in body) else "ymm"
        # rbp is a register like others where it does not hold the frame.
        framed = any(re.search(r"mov +%rsp,%rbp", line) for line in lines)
        place = r"\(%r[sb]p" if framed else r"\(%rsp"
        stack = sum(bool(re.search(r"[yz]mm", l)) and bool(re.search(place, l)) for l in body)
        table[(wide, fma, len(body), stack)] += 1

print("set  multiply-adds  instructions  on the stack  loops")
for (wide, fma, length, stack), count in sorted(table.items()):
    print(f"{wide}  {fma:13}  {length:12}  {stack:12}  {count:5}")
spilled = [key for key in table if key[0] == "zmm" and key[1] in (24, 27, 28) and key[3]]
sys.exit(f"a widest tile spills: {spilled}" if spilled or not table else 0)
