#!/usr/bin/env python3
"""Trains LeNet-5 on Fashion-MNIST and writes the two data files of this folder.

Needs   the Debian package `dataset-fashion-mnist` (the four .gz files of the
        data set; any other folder that holds them will do) and
        `pip install torch numpy safetensors`.
Run     python3 train.py [--data FOLDER] [--out FOLDER]
Takes   about three minutes on two CPU cores; no GPU.
Writes  lenet5.safetensors       the weights, f32, in PyTorch's layout
        test-images.safetensors  the first 500 images of the official test set:
                                 `images` u8 [500,1,28,28], `labels` u8 [500]

The shipped weights are those after the last epoch of one run over all 60,000
training images; the test set is read only afterwards, to measure. The settings
were chosen among a few by the accuracy on the last 5,000 training images, held
out for that; `--validate` measures it, reads no test set and writes nothing.

The input of the network is a pixel / 255 as f32, with no other normalisation.
The seed and the number of threads are fixed: the same machine and the same
version of PyTorch give the same weights again (another may differ slightly).
"""

import argparse
import gzip
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

SEED = 1
THREADS = 2
BATCH = 128
LEARNING_RATE = 5e-3
WEIGHT_DECAY = 1e-2
WARM_UP = 0.05  # the part of all steps in which the learning rate rises
SHIFT = 1  # augmentation: moved by up to this many pixels each way, and mirrored
SHIPPED = 500


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):  # [n, 1, 28, 28]
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # [n, 6, 14, 14]
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # [n, 16, 5, 5]
        x = x.flatten(1)  # [n, 400]
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)  # [n, 10]


def read_idx(path, header):
    """The bytes of a gzipped IDX file after its header, as u8."""
    with gzip.open(path) as file:
        return torch.from_numpy(np.frombuffer(file.read(), np.uint8, offset=header).copy())


def read_set(folder, name):
    images = read_idx(folder / f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    labels = read_idx(folder / f"{name}-labels-idx1-ubyte.gz", 8)
    assert len(images) == len(labels)
    return images, labels


def to_input(images):
    return images.to(torch.float32) / 255


def augment(images, shift):
    """Each image moved by its own few pixels, and mirrored half of the time."""
    n = len(images)
    padded = F.pad(images, (shift,) * 4)
    rows = torch.randint(0, 2 * shift + 1, (n, 1)) + torch.arange(28)
    columns = torch.randint(0, 2 * shift + 1, (n, 1)) + torch.arange(28)
    columns = torch.where(torch.rand(n, 1) < 0.5, columns.flip(1), columns)
    which = torch.arange(n)[:, None, None]
    return padded[which, 0, rows[:, :, None], columns[:, None, :]][:, None]


def train(images, labels, epochs):
    torch.manual_seed(SEED)
    net = LeNet5()
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=WEIGHT_DECAY)
    steps_per_epoch = len(images) // BATCH
    # Up for a short while, then down along a cosine to nearly zero.
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, epochs * steps_per_epoch, pct_start=WARM_UP, cycle_momentum=False
    )
    for epoch in range(1, epochs + 1):
        order = torch.randperm(len(images))
        total = 0.0
        for step in range(steps_per_epoch):
            batch = order[step * BATCH : (step + 1) * BATCH]
            x = to_input(augment(images[batch], SHIFT))
            loss = F.cross_entropy(net(x), labels[batch].long())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch:2} of {epochs}: loss {total / steps_per_epoch:.4f}", flush=True)
    return net


@torch.no_grad()
def count_right(net, images, labels):
    return (net(to_input(images)).argmax(1) == labels).sum().item()


def main():
    arguments = argparse.ArgumentParser(description="Train LeNet-5 on Fashion-MNIST.")
    arguments.add_argument(
        "--data", type=pathlib.Path, default="/usr/share/datasets/fashion-mnist", metavar="FOLDER",
        help="where the four .gz files are (default: %(default)s)",
    )
    arguments.add_argument(
        "--out", type=pathlib.Path, default=pathlib.Path(__file__).parent, metavar="FOLDER",
        help="where to write (default: the folder of this script)",
    )
    arguments.add_argument("--epochs", type=int, default=30, help="default: %(default)s")
    arguments.add_argument(
        "--validate", action="store_true",
        help="hold out 5,000 training images, report the accuracy on them, write nothing",
    )
    arguments = arguments.parse_args()

    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    images, labels = read_set(arguments.data, "train")

    if arguments.validate:
        net = train(images[:-5000], labels[:-5000], arguments.epochs)
        print(f"held-out training images: {count_right(net, images[-5000:], labels[-5000:])} of 5000")
        return

    net = train(images, labels, arguments.epochs)
    weights = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(weights, arguments.out / "lenet5.safetensors")

    images, labels = read_set(arguments.data, "t10k")
    shipped = {"images": images[:SHIPPED].contiguous(), "labels": labels[:SHIPPED].contiguous()}
    save_file(shipped, arguments.out / "test-images.safetensors")

    print(f"all test images:     {count_right(net, images, labels)} of {len(images)}")
    print(f"shipped test images: {count_right(net, **shipped)} of {SHIPPED}")


if __name__ == "__main__":
    main()
