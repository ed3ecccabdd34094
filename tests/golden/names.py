"""The names and shapes of PyTorch's tensors, as a number for each network.

    pip install torch torchvision numpy safetensors
    python3 tests/golden/names.py

Writes names.txt, a line for each network: name, tensors, learnt parameters, and
the hash (FNV-1a) of the sorted list of its tensors, `conv1.weight 64 3 7 7` a
line. Torchvision's networks are torchvision's own; `num_batches_tracked`, which
counts in training, is left out.
"""

import os

import torch
from make import ALL, HERE, fnv


def main():
    with open(os.path.join(HERE, "names.txt"), "w") as out:
        for name, (make, _) in sorted(ALL.items()):
            with torch.device("meta"):
                net = make()
            tensors = sorted(
                " ".join([key, *map(str, tensor.shape)]) + "\n"
                for key, tensor in net.state_dict().items()
                if not key.endswith("num_batches_tracked")
            )
            params = sum(p.numel() for p in net.parameters())
            out.write(f"{name} {len(tensors)} {params} {fnv(''.join(tensors)):016x}\n")


main()
