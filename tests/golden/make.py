"""Golden logits of the zoo, by PyTorch.

    pip install torch torchvision numpy safetensors
    python3 tests/golden/make.py [NAME ...]

No weights are stored, only what the networks answer: weights and inputs come
from an integer formula that stands here and in tests/zoo/formula.rs. Networks
of torchvision are taken from there; the others are written out below, by hand
and not from the crate's sources. Everything is computed in float64 and stored,
rounded to float32, in logits.safetensors: a tensor of logits for each name, of
more than 2,000 every 37th.
"""

import math
import os
import sys

import numpy as np
import torch
import torchvision.models as models
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20260
MASK = (1 << 64) - 1


# The formula. A name is hashed (FNV-1a); its values are SplitMix64's stream from
# there, as numbers evenly spaced between -1 and 1.


def fnv(text):
    state = 0xCBF29CE484222325
    for byte in text.encode():
        state = (state ^ byte) * 0x100000001B3 & MASK
    return state


def mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def symmetric(name, count):
    start = np.uint64((fnv(name) + SEED) & MASK)
    index = np.arange(1, count + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        bits = mix(start + index * np.uint64(0x9E3779B97F4A7C15))
    odd = (bits >> np.uint64(12)).astype(np.float64) * 2 + 1
    return odd / 2.0**52 - 1


def values(name, shape):
    """The parameter of this name and shape, as float32 numbers."""
    x = symmetric(name, math.prod(shape))
    field = name.rsplit(".", 1)[-1]
    if len(shape) > 1:
        x *= math.sqrt(6 / math.prod(shape[1:]))
    elif field == "running_var":
        x = 1 + 0.5 * x
    elif field == "weight":
        x = 0.875 + 0.25 * x
    else:
        x *= 0.125
    return x.astype(np.float32).astype(np.float64).reshape(shape)


def fill(net):
    state = net.state_dict()
    for name, tensor in state.items():
        if not name.endswith("num_batches_tracked"):
            state[name] = torch.from_numpy(values(name, tuple(tensor.shape)))
    net.load_state_dict(state, assign=True)
    return net.double().eval()


# Networks that torchvision does not have.


def conv(i, o, k, s=1, p=0, g=1, bias=False):
    return nn.Conv2d(i, o, k, s, p, groups=g, bias=bias)


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = conv(1, 6, 5, p=2, bias=True), conv(6, 16, 5, bias=True)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class LeNetCaffe(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = conv(1, 20, 5, bias=True), conv(20, 50, 5, bias=True)
        self.fc1, self.fc2 = nn.Linear(800, 500), nn.Linear(500, 10)

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.max_pool2d(self.conv2(x), 2).flatten(1)
        return self.fc2(F.relu(self.fc1(x)))


class CifarBlock(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.conv1, self.bn1 = conv(i, o, 3, s, 1), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = conv(o, o, 3, 1, 1), nn.BatchNorm2d(o)
        if i != o:
            self.shortcut = conv(i, o, 1, s)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.shortcut(x) if hasattr(self, "shortcut") else x))


class ResNetCifar(nn.Module):
    def __init__(self, n):
        super().__init__()
        stage = lambda i, o: nn.Sequential(
            CifarBlock(i, o, o // i), *(CifarBlock(o, o, 1) for _ in range(n - 1))
        )
        self.conv1, self.bn1 = conv(3, 16, 3, 1, 1), nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = stage(16, 16), stage(16, 32), stage(32, 64)
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def same(x, layer):
    """TensorFlow's SAME: the odd row or column goes below and to the right."""
    (h, w), k, s = x.shape[2:], layer.kernel_size[0], layer.stride[0]
    all_of = lambda n: max((math.ceil(n / s) - 1) * s + k - n, 0)
    v, u = all_of(h), all_of(w)
    return layer(F.pad(x, (u // 2, u - u // 2, v // 2, v - v // 2)))


def keras_norm(c):
    return nn.BatchNorm2d(c, eps=1e-3)


class TinyBlock(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv1, self.bn1 = conv(i, o, 3, o // i, bias=True), keras_norm(o)
        self.conv2, self.bn2 = conv(o, o, 3, bias=True), keras_norm(o)
        if i != o:
            self.shortcut = conv(i, o, 1, 2, bias=True)

    def forward(self, x):
        y = F.relu(self.bn1(same(x, self.conv1)))
        y = self.bn2(same(y, self.conv2))
        return F.relu(y + (same(x, self.shortcut) if hasattr(self, "shortcut") else x))


class ResNet8Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = conv(3, 16, 3, bias=True), keras_norm(16)
        self.layer1, self.layer2 = TinyBlock(16, 16), TinyBlock(16, 32)
        self.layer3, self.linear = TinyBlock(32, 64), nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(same(x, self.conv1)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


class DepthwiseSeparable(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.depthwise, self.bn1 = conv(i, i, 3, s, g=i), keras_norm(i)
        self.pointwise, self.bn2 = conv(i, o, 1), keras_norm(o)

    def forward(self, x):
        x = F.relu6(self.bn1(same(x, self.depthwise)))
        return F.relu6(self.bn2(self.pointwise(x)))


class MobileNetV1(nn.Module):
    STAGES = "64,1 128,2 128,1 256,2 256,1 512,2 512,1 512,1 512,1 512,1 512,1 1024,2 1024,1"

    def __init__(self, quarters):
        super().__init__()
        width = lambda c: int(c) * quarters // 4
        i = width(32)
        self.conv, self.bn = conv(3, i, 3, 2), keras_norm(i)
        for n, stage in enumerate(self.STAGES.split(), 1):
            o, s = stage.split(",")
            setattr(self, f"block{n}", DepthwiseSeparable(i, width(o), int(s)))
            i = width(o)
        self.fc = nn.Linear(i, 1000)

    def forward(self, x):
        x = F.relu6(self.bn(same(x, self.conv)))
        for n in range(1, 14):
            x = getattr(self, f"block{n}")(x)
        return self.fc(x.mean((2, 3)))


class MbConv(nn.Module):
    def __init__(self, i, o, k, s, e):
        super().__init__()
        m = e * i
        if e != 1:
            self._expand_conv, self._bn0 = conv(i, m, 1), keras_norm(m)
        self._depthwise_conv, self._bn1 = conv(m, m, k, s, g=m), keras_norm(m)
        self._project_conv, self._bn2 = conv(m, o, 1), keras_norm(o)
        self.add = s == 1 and i == o

    def forward(self, x):
        y = x
        if hasattr(self, "_expand_conv"):
            y = F.relu6(self._bn0(self._expand_conv(y)))
        y = F.relu6(self._bn1(same(y, self._depthwise_conv)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.add else y


class EfficientNetLite0(nn.Module):
    # kernel, stride, expansion, channels, blocks
    STAGES = [
        (3, 1, 1, 16, 1),
        (3, 2, 6, 24, 2),
        (5, 2, 6, 40, 2),
        (3, 2, 6, 80, 3),
        (5, 1, 6, 112, 3),
        (5, 2, 6, 192, 4),
        (3, 1, 6, 320, 1),
    ]

    def __init__(self):
        super().__init__()
        self._conv_stem, self._bn0 = conv(3, 32, 3, 2), keras_norm(32)
        i, blocks = 32, []
        for k, s, e, o, count in self.STAGES:
            for n in range(count):
                blocks.append(MbConv(i, o, k, s if n == 0 else 1, e))
                i = o
        self._blocks = nn.ModuleList(blocks)
        self._conv_head, self._bn1 = conv(320, 1280, 1), keras_norm(1280)
        self._fc = nn.Linear(1280, 1000)

    def forward(self, x):
        x = F.relu6(self._bn0(same(x, self._conv_stem)))
        for block in self._blocks:
            x = block(x)
        x = F.relu6(self._bn1(self._conv_head(x)))
        return self._fc(x.mean((2, 3)))


class DoubleConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv1, self.bn1 = conv(i, o, 3, p=1), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = conv(o, o, 3, p=1), nn.BatchNorm2d(o)

    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        for n in (1, 2, 3, 4):
            c = 8 << n
            setattr(self, f"down{n}", DoubleConv(c // 2 if n > 1 else 3, c))
            setattr(self, f"enlarge{n}", nn.ConvTranspose2d(2 * c, c, 2, 2))
            setattr(self, f"up{n}", DoubleConv(2 * c, c))
        self.bottom, self.head = DoubleConv(128, 256), conv(16, 2, 1, bias=True)

    def forward(self, x):
        before = []
        for n in (1, 2, 3, 4):
            before.append(getattr(self, f"down{n}")(x))
            x = F.max_pool2d(before[-1], 2)
        x = self.bottom(x)
        for n in (4, 3, 2, 1):
            x = torch.cat([before[n - 1], getattr(self, f"enlarge{n}")(x)], 1)
            x = getattr(self, f"up{n}")(x)
        return self.head(x)


# The list: what makes the network, and the shape of its input.

TORCHVISION = """alexnet vgg11 vgg16 vgg19 squeezenet1_1 resnet18 resnet34 resnet50 resnet152
densenet121 mobilenet_v2"""
ALL = {
    "lenet5": (LeNet5, (1, 28, 28)),
    "lenet_caffe": (LeNetCaffe, (1, 28, 28)),
    "resnet8_tiny": (ResNet8Tiny, (3, 32, 32)),
    "mobilenet_v1": (lambda: MobileNetV1(4), (3, 224, 224)),
    "mobilenet_v1_075": (lambda: MobileNetV1(3), (3, 224, 224)),
    "mobilenet_v1_050": (lambda: MobileNetV1(2), (3, 224, 224)),
    "mobilenet_v1_025": (lambda: MobileNetV1(1), (3, 224, 224)),
    "efficientnet_lite0": (EfficientNetLite0, (3, 224, 224)),
    "unet": (UNet, (3, 128, 128)),
}
for name in TORCHVISION.split():
    ALL[name] = (getattr(models, name), (3, 224, 224))
for n in (3, 5, 7, 9, 18):
    ALL[f"resnet{6 * n + 2}_cifar10"] = (lambda n=n: ResNetCifar(n), (3, 32, 32))


def main():
    path = os.path.join(HERE, "logits.safetensors")
    logits = load_file(path) if os.path.exists(path) else {}
    for name in sys.argv[1:] or ALL:
        make, shape = ALL[name]
        with torch.device("meta"):
            net = make()
        params = sum(p.numel() for p in net.parameters())
        net = fill(net)
        x = symmetric("input", math.prod(shape)).astype(np.float32).astype(np.float64)
        with torch.no_grad():
            y = net(torch.from_numpy(x.reshape(1, *shape)))
        y = y.numpy().ravel().astype(np.float32)
        logits[name] = y[::37].copy() if y.size > 2000 else y
        largest = abs(logits[name]).max()
        print(f"{name}: {params} parameters, largest {largest:.3f}", flush=True)
        save_file(dict(sorted(logits.items())), path)


if __name__ == "__main__":
    main()
