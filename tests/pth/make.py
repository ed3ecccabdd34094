"""Writes the small checkpoints that tests/weights/pth.rs reads.

    python tests/pth/make.py        (needs torch)

One network, `conv` (1 to 2 channels, 3x3), `bn` and `fc` (8 to 3), whose i-th
number is i/2, in the forms that torch writes.
"""

import pathlib
from collections import OrderedDict

import torch

HERE = pathlib.Path(__file__).parent
SHAPES = {
    "conv1.weight": (2, 1, 3, 3),
    "conv1.bias": (2,),
    "fc.weight": (3, 8),
    "fc.bias": (3,),
}


def state(dtype=torch.float32):
    first, tensors = 0, OrderedDict()
    for name, shape in SHAPES.items():
        n = torch.Size(shape).numel()
        tensors[name] = (torch.arange(first, first + n) / 2).to(dtype).reshape(shape)
        first += n
    return tensors


def save(name, value, **options):
    torch.save(value, HERE / name, **options)


save("zip.pth", state())
save("legacy.pth", state(), _use_new_zipfile_serialization=False)
save("half.pth", state(torch.float16))
save("bfloat.pth", state(torch.bfloat16), _use_new_zipfile_serialization=False)

# The folder within an archive has the name of the file. One of 21 letters makes the
# first header of the directory 76 bytes long, which has misled a reader of archives.
save("twenty-one-characters.pth", state())

# A training run's checkpoint: the state dict among other things, a counter of
# batch norm in it, and protocol 4.
run = state()
run["bn.num_batches_tracked"] = torch.tensor(7)
save("run.pth", {"epoch": 3, "lr": 0.1, "state_dict": run, "note": None}, pickle_protocol=4)

# Views: a transposed matrix, and two tensors that share one storage.
views = state()
views["fc.weight"] = views["fc.weight"].t().contiguous().t()
both = torch.cat([views["conv1.bias"], views["fc.bias"]])
views["conv1.bias"], views["fc.bias"] = both[:2], both[2:]
save("views.pth", views)

# Parameters instead of tensors, as `dict(model.named_parameters())` gives.
save("parameters.pth", {k: torch.nn.Parameter(v) for k, v in state().items()})

# Things that are no state dict.
save("tensor.pth", torch.zeros(2))
save("model.pth", torch.nn.Linear(2, 1))
save("two.pth", {"model": state(), "ema": state()})
