"""The networks and layers that are measured, written in the forms the engines read.

    python subjects.py FOLDER NAME ...

PyTorch makes each network with random weights, the same for the same name, and
traces it. NAME.ir is the list of its operations, NAME.bin their parameters,
NAME.in the input and NAME.ref PyTorch's output; NAME.onnx, NAME.ncnn.param and
NAME.ncnn.bin, and NAME.tflite are the same network. NAME@8 is a batch of eight.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
from torch import nn
from torch.fx.passes.shape_prop import ShapeProp
from torchvision import models

# in, out, kernel, stride, padding, groups, side
LAYERS = {
    "vgg01_3x64_224": (3, 64, 3, 1, 1, 1, 224),
    "vgg02_64x64_224": (64, 64, 3, 1, 1, 1, 224),
    "vgg03_64x128_112": (64, 128, 3, 1, 1, 1, 112),
    "vgg04_128x128_112": (128, 128, 3, 1, 1, 1, 112),
    "vgg05_128x256_56": (128, 256, 3, 1, 1, 1, 56),
    "vgg06_256x256_56": (256, 256, 3, 1, 1, 1, 56),
    "vgg08_256x512_28": (256, 512, 3, 1, 1, 1, 28),
    "vgg09_512x512_28": (512, 512, 3, 1, 1, 1, 28),
    "vgg11_512x512_14": (512, 512, 3, 1, 1, 1, 14),
    "res_1x1_64x256_56": (64, 256, 1, 1, 0, 1, 56),
    "res_1x1_512x2048_7": (512, 2048, 1, 1, 0, 1, 7),
    "res_stem_7x7s2": (3, 64, 7, 2, 3, 1, 224),
    "res_3x3s2_128_56": (128, 128, 3, 2, 1, 1, 56),
    "dw_3x3s1_144_56": (144, 144, 3, 1, 1, 144, 56),
    "dw_3x3s2_144_56": (144, 144, 3, 2, 1, 144, 56),
}


class LeNet5(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class OddChannels(nn.Sequential):
    """Channels that fill no vector, and sizes that fill no tile."""

    def __init__(self):
        parts, channels = [], 3
        for out, kernel, stride in [(37, 5, 2), (50, 3, 1), (75, 3, 2), (99, 1, 1), (131, 3, 1)]:
            parts += [nn.Conv2d(channels, out, kernel, stride, kernel // 2), nn.ReLU()]
            channels = out
        super().__init__(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(131, 7))


class ThinResNet18(models.ResNet):
    """ResNet-18 with three quarters of the channels."""

    def __init__(self):
        super().__init__(models.resnet.BasicBlock, [2, 2, 2, 2])
        self.inplanes, stem = 48, nn.Conv2d(3, 48, 7, 2, 3, bias=False)
        self.conv1, self.bn1 = stem, nn.BatchNorm2d(48)
        block = models.resnet.BasicBlock
        self.layer1 = self._make_layer(block, 48, 2)
        self.layer2 = self._make_layer(block, 96, 2, stride=2)
        self.layer3 = self._make_layer(block, 192, 2, stride=2)
        self.layer4 = self._make_layer(block, 384, 2, stride=2)
        self.fc = nn.Linear(384, 1000)


NETWORKS = {
    "lenet5": (LeNet5, (1, 28, 28)),
    "alexnet": (models.alexnet, (3, 224, 224)),
    "resnet18": (models.resnet18, (3, 224, 224)),
    "resnet50": (models.resnet50, (3, 224, 224)),
    "mobilenet_v2": (models.mobilenet_v2, (3, 224, 224)),
    "vgg16": (models.vgg16, (3, 224, 224)),
    # sizes and widths that no table has
    "resnet18-96x96": (models.resnet18, (3, 96, 96)),
    "resnet18-300x200": (models.resnet18, (3, 300, 200)),
    "resnet50-96x96": (models.resnet50, (3, 96, 96)),
    "mobilenet_v2-300x200": (models.mobilenet_v2, (3, 300, 200)),
    "mobilenet_v2-w075": (lambda: models.mobilenet_v2(width_mult=0.75), (3, 224, 224)),
    "resnet18-w075": (ThinResNet18, (3, 224, 224)),
    "odd_channels": (OddChannels, (3, 111, 93)),
}


def network(name):
    """The module, ready to run, and the shape of its input."""
    torch.manual_seed(1)
    base, _, batch = name.partition("@")
    if base in LAYERS:
        i, o, k, s, p, groups, side = LAYERS[base]
        module, shape = nn.Sequential(nn.Conv2d(i, o, k, s, p, groups=groups)), (i, side, side)
    else:
        make, shape = NETWORKS[base]
        module = make()
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):  # not the trivial 0 and 1
            part.running_mean.normal_(0, 0.1)
            part.running_var.uniform_(0.8, 1.2)
    return module.eval(), (int(batch or 1), *shape)


def describe(module, x):
    """The operations as lines of text, and their parameters in that order."""
    trace = torch.fx.symbolic_trace(module)
    ShapeProp(trace).propagate(x)
    layers = dict(trace.named_modules())
    lines, params, names = ["input " + " ".join(map(str, x.shape))], [], {}
    single = lambda v: v[0] if isinstance(v, tuple) else v

    def shape(node):
        return tuple(node.meta["tensor_meta"].shape)

    def emit(node, kind, reads, *words, values=()):
        names[node] = f"v{len(lines)}"
        lines.append(" ".join(map(str, [names[node], kind, *reads, *words])))
        params.extend(v.detach().numpy().ravel() for v in values if v is not None)

    for node in trace.graph.nodes:
        if node.op == "placeholder":
            names[node] = "v0"
            continue
        reads = [names[arg] for arg in node.args if arg in names] if node.op != "output" else []
        if node.op == "output":
            lines.append("output " + names[node.args[0]])
            continue
        layer = layers.get(node.target) if node.op == "call_module" else None
        kind = type(layer).__name__ if layer is not None else getattr(node.target, "__name__", node.target)
        match kind:
            case "Conv2d":
                words = (layer.in_channels, layer.out_channels, layer.kernel_size[0], layer.stride[0],
                         layer.padding[0], layer.groups, int(layer.bias is not None))
                emit(node, "conv", reads, *words, values=(layer.weight, layer.bias))
            case "BatchNorm2d":
                values = (layer.weight, layer.bias, layer.running_mean, layer.running_var)
                emit(node, "bn", reads, layer.num_features, layer.eps, values=values)
            case "Linear":
                emit(node, "linear", reads, layer.in_features, layer.out_features, values=(layer.weight, layer.bias))
            case "MaxPool2d":
                emit(node, "maxpool", reads, *map(single, (layer.kernel_size, layer.stride, layer.padding)))
            case "ReLU" | "ReLU6":
                emit(node, kind.lower(), reads)
            case "add" | "iadd":
                emit(node, "add", reads)
            case "flatten" | "Flatten":
                emit(node, "flatten", reads)
            case "AdaptiveAvgPool2d" | "adaptive_avg_pool2d" if shape(node)[2:] == (1, 1):
                emit(node, "gap", reads)
            case "AdaptiveAvgPool2d" if shape(node) == shape(node.args[0]):
                names[node] = reads[0]
            case "Dropout" | "Identity":
                names[node] = reads[0]
            case _:
                raise ValueError(f"no word for {kind}")
    return lines, params


def to_ncnn(module, x, base):
    with tempfile.TemporaryDirectory() as folder:
        torch.jit.trace(module, x).save(folder + "/net.pt")
        sizes = "inputshape=[" + ",".join(map(str, x.shape)) + "]"
        pnnx = pathlib.Path(sys.executable).parent / "pnnx"
        command = [pnnx, "net.pt", sizes, "fp16=0"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        for ending in ("param", "bin"):
            shutil.copy(f"{folder}/net.ncnn.{ending}", f"{base}.ncnn.{ending}")


def write(folder, name):
    import tflite

    base = pathlib.Path(folder) / name
    if base.with_name(name + ".done").exists():
        return
    module, shape = network(name)
    x = torch.randn(*shape)
    with torch.no_grad():
        y = module(x)
        lines, params = describe(module, x)
        torch.onnx.export(module, (x,), f"{base}.onnx", dynamo=False, input_names=["x"],
                          output_names=["y"], opset_version=17)
        if shape[0] == 1:  # ncnn knows no batches
            to_ncnn(module, x, base)
    flat = np.concatenate(params)
    base.with_name(name + ".ir").write_text("\n".join(lines) + "\n")
    flat.tofile(f"{base}.bin")
    x.numpy().tofile(f"{base}.in")
    y.numpy().tofile(f"{base}.ref")
    tflite.write(lines, flat, f"{base}.tflite")
    base.with_name(name + ".done").touch()
    print(f"{name}: {flat.size} parameters", flush=True)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.set_num_threads(2)
    for name in sys.argv[2:]:
        write(sys.argv[1], name)
