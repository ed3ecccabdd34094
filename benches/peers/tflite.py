"""A described network as a .tflite file, for XNNPACK's kernels in LiteRT.

Channels last, batch norm folded into the convolutions and activations fused into
what stands before them, as a converter would do it.
"""
import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as fb

OPERATOR, OPTIONS, NONE = fb.BuiltinOperator, fb.BuiltinOptions, fb.ActivationFunctionType.NONE
ACTIVATIONS = {"relu": fb.ActivationFunctionType.RELU, "relu6": fb.ActivationFunctionType.RELU6}
SAME, VALID = fb.Padding.SAME, fb.Padding.VALID


class Builder(flatbuffers.Builder):
    """Weights start at multiples of 16 bytes, as the format asks."""

    def CreateNumpyVector(self, x):
        self.Prep(16, x.nbytes)
        return super().CreateNumpyVector(x)


class Net:
    def __init__(self):
        self.buffers, self.tensors, self.codes, self.operators = [fb.BufferT()], [], [], []

    def tensor(self, shape, values=None, kind=fb.TensorType.FLOAT32):
        buffer = 0
        if values is not None:
            data = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
            buffer, _ = len(self.buffers), self.buffers.append(fb.BufferT(data=data))
        name = f"t{len(self.tensors)}"
        shape = np.array(shape, dtype=np.int32)
        self.tensors.append(fb.TensorT(shape=shape, type=kind, buffer=buffer, name=name.encode()))
        return len(self.tensors) - 1

    def weights(self, values):
        return self.tensor(values.shape, values.astype("<f4"))

    def numbers(self, values):
        values = np.array(values, dtype="<i4")
        return self.tensor(values.shape, values, fb.TensorType.INT32)

    def shape(self, tensor):
        return [int(n) for n in self.tensors[tensor].shape]

    def add(self, code, kind, inputs, shape, options):
        if code not in self.codes:
            self.codes.append(code)
        out = self.tensor(shape)
        self.operators.append(fb.OperatorT(
            opcodeIndex=self.codes.index(code), inputs=np.array(inputs, dtype=np.int32),
            outputs=np.array([out], dtype=np.int32), builtinOptionsType=kind, builtinOptions=options))
        return out

    def pad(self, x, by):
        if not by:
            return x
        n, h, w, c = self.shape(x)
        by_axis = self.numbers([[0, 0], [by, by], [by, by], [0, 0]])
        return self.add(OPERATOR.PAD, OPTIONS.PadOptions, [x, by_axis],
                        [n, h + 2 * by, w + 2 * by, c], fb.PadOptionsT())

    def windows(self, x, k, s, p):
        """The input, padded unless SAME does it, the way of padding, and the output's size."""
        same = s == 1 and k == 2 * p + 1
        n, h, w, _ = self.shape(x)
        size = [n, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1]
        return (x, SAME, size) if same else (self.pad(x, p), VALID, size)

    def conv(self, x, weight, bias, s, p, depthwise, act):
        x, padding, size = self.windows(x, weight.shape[2], s, p)
        if depthwise:
            w = self.weights(weight.transpose(1, 2, 3, 0))
            options = fb.DepthwiseConv2DOptionsT(
                padding=padding, strideW=s, strideH=s, depthMultiplier=1, fusedActivationFunction=act)
            code, kind = OPERATOR.DEPTHWISE_CONV_2D, OPTIONS.DepthwiseConv2DOptions
        else:
            w = self.weights(weight.transpose(0, 2, 3, 1))
            options = fb.Conv2DOptionsT(padding=padding, strideW=s, strideH=s, fusedActivationFunction=act)
            code, kind = OPERATOR.CONV_2D, OPTIONS.Conv2DOptions
        return self.add(code, kind, [x, w, self.weights(bias)], [*size, weight.shape[0]], options)

    def linear(self, x, weight, bias, act):
        shape = [self.shape(x)[0], weight.shape[0]]
        return self.add(OPERATOR.FULLY_CONNECTED, OPTIONS.FullyConnectedOptions,
                        [x, self.weights(weight), self.weights(bias)], shape,
                        fb.FullyConnectedOptionsT(fusedActivationFunction=act))

    def file(self, first, last):
        graph = fb.SubGraphT(tensors=self.tensors, operators=self.operators, name=b"main",
                             inputs=np.array([first], dtype=np.int32), outputs=np.array([last], dtype=np.int32))
        codes = [fb.OperatorCodeT(builtinCode=c, deprecatedBuiltinCode=c, version=1) for c in self.codes]
        model = fb.ModelT(version=3, operatorCodes=codes, subgraphs=[graph], buffers=self.buffers)
        size = sum(b.data.nbytes for b in self.buffers if b.data is not None)
        builder = Builder(size + (1 << 20))
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return builder.Output()


def write(lines, values, path):
    net, rest = Net(), values
    ops = [line.split() for line in lines[1:-1]]
    readers = {}
    for op in ops:
        for value in op[2:4]:
            readers.setdefault(value, []).append(op)

    def take(*shape):
        nonlocal rest
        own, rest = np.split(rest, [int(np.prod(shape))])
        return own.reshape(shape)

    params = {}
    for name, kind, _, *words in ops:
        if kind == "conv":
            i, o, k, _, _, groups, bias = map(int, words)
            params[name] = take(o, i // groups, k, k), take(o) if bias else np.zeros(o, "<f4")
        elif kind == "linear":
            i, o = map(int, words)
            params[name] = take(o, i), take(o)
        elif kind == "bn":
            gamma, beta, mean, var = take(4, int(words[0]))
            scale = gamma / np.sqrt(var + float(words[1]))
            params[name] = scale, beta - mean * scale

    n, c, h, w = map(int, lines[0].split()[1:])
    at, flat, skip = {"v0": net.tensor([n, h, w, c])}, {}, set()

    def follower(name, kinds):
        """The only reader of a value, if it is one of these: it is done together with it."""
        last = readers.get(name, [])
        if len(last) == 1 and last[0][1] in kinds:
            skip.add(last[0][0])
            return last[0]

    for name, kind, source, *words in ops:
        if name in skip:
            continue
        x, end, act = at[source], name, NONE
        weight, bias = params.get(name, (None, None))
        if kind == "conv" and (norm := follower(end, ["bn"])):
            end, (scale, shift) = norm[0], params[norm[0]]
            weight, bias = weight * scale[:, None, None, None], bias * scale + shift
        if kind in ("conv", "linear", "add") and (after := follower(end, ACTIVATIONS)):
            end, act = after[0], ACTIVATIONS[after[1]]
        if kind == "conv":
            i, _, _, s, p, groups, _ = map(int, words)
            y = net.conv(x, weight, bias, s, p, groups == i and groups > 1, act)
        elif kind == "linear":
            if source in flat:  # the features come channels last
                h, w, c = flat[source]
                weight = weight.reshape(-1, c, h, w).transpose(0, 2, 3, 1).reshape(len(weight), -1)
            y = net.linear(x, weight, bias, act)
        elif kind == "add":
            y = net.add(OPERATOR.ADD, OPTIONS.AddOptions, [x, at[words[0]]], net.shape(x),
                        fb.AddOptionsT(fusedActivationFunction=act))
        elif kind == "maxpool":
            k, s, p = map(int, words)  # zeros do as padding: a ReLU stands before every pool here
            c = net.shape(x)[3]
            x, padding, size = net.windows(x, k, s, p)
            options = fb.Pool2DOptionsT(padding=padding, strideW=s, strideH=s, filterWidth=k, filterHeight=k)
            y = net.add(OPERATOR.MAX_POOL_2D, OPTIONS.Pool2DOptions, [x], [*size, c], options)
        elif kind == "gap":
            n, _, _, c = net.shape(x)
            y = net.add(OPERATOR.MEAN, OPTIONS.ReducerOptions, [x, net.numbers([1, 2])], [n, 1, 1, c],
                        fb.ReducerOptionsT(keepDims=True))
        elif kind == "flatten":
            n, *flat[name] = net.shape(x)
            shape = [n, int(np.prod(flat[name]))]
            y = net.add(OPERATOR.RESHAPE, OPTIONS.ReshapeOptions, [x, net.numbers(shape)], shape,
                        fb.ReshapeOptionsT(newShape=np.array(shape, dtype=np.int32)))
        else:
            raise ValueError(f"{kind} by itself")
        at[end] = y
    with open(path, "wb") as file:
        file.write(net.file(at["v0"], at[lines[-1].split()[1]]))
