"""What torchinfo counts: parameters of every layer, multiply-adds in its own way.

    pip install torch torchvision torchinfo
    python3 tests/golden/count.py

Writes tests/golden/torchinfo.json: for each network the totals, and for each layer
with weights its parameters and multiply-adds, under its name in the state_dict.

torchinfo's multiply-adds are not ours: a bias counts as one product for each output
it is added to, and every weight and bias of a batch norm as one for each image
(torchinfo 1.8.0, layer_info.py, calculate_macs).
"""

import importlib.metadata
import json
import os

import torchinfo
import torchvision.models as models

HERE = os.path.dirname(os.path.abspath(__file__))
NETWORKS = [
    "alexnet", "vgg11", "vgg16", "vgg19", "squeezenet1_1", "resnet18", "resnet34",
    "resnet50", "resnet152", "densenet121", "mobilenet_v2",
]


def path(layer):
    """Its name in the state_dict; the network itself has none."""
    names = []
    while layer.parent_info is not None:
        names.append(layer.var_name)
        layer = layer.parent_info
    return ".".join(reversed(names))


def main():
    found = {"torchinfo": importlib.metadata.version("torchinfo")}
    for name in NETWORKS:
        network = getattr(models, name)(weights=None)
        summary = torchinfo.summary(network, (1, 3, 224, 224), verbose=0)
        layers = {}
        for layer in summary.summary_list:
            if layer.is_leaf_layer and layer.num_params:
                layers[path(layer)] = [layer.num_params, layer.macs]
        assert sum(params for params, _ in layers.values()) == summary.total_params
        found[name] = {
            "params": summary.total_params,
            "mult_adds": summary.total_mult_adds,
            "layers": layers,
        }
        print(name, summary.total_params, summary.total_mult_adds, len(layers))
    with open(os.path.join(HERE, "torchinfo.json"), "w") as file:
        json.dump(found, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
