"""One engine with a Python interface:  python worker.py ENGINE

The protocol is that of rust/protocol: requests on standard input, a line of JSON
for each. The probe between the runs is the same code, from its library ($PROBE).
"""
import ctypes
import json
import os
import pathlib
import sys
import time

import numpy as np

DATA = pathlib.Path(os.environ["BENCH_DATA"])
THREADS = int(os.environ.get("BENCH_THREADS", "1"))
PEAK = float(os.environ.get("BENCH_PEAK", "0"))
PATIENCE = float(os.environ.get("BENCH_PATIENCE", "1"))


def pytorch(name, x, compiled=False, channels_last=False):
    import torch
    from subjects import network

    torch.set_num_threads(THREADS)
    torch.inference_mode(not compiled).__enter__()
    torch.no_grad().__enter__()
    module, _ = network(name)
    x = torch.from_numpy(x)
    if channels_last:
        module = module.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    if compiled:
        import torch._inductor.config as config

        config.freezing = True  # weights are constants: folded and packed
        module = torch.compile(module)
    return lambda: module(x), lambda y: y.contiguous().numpy()


def onnx_runtime(name, x):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    session = onnxruntime.InferenceSession(DATA / f"{name}.onnx", options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"x": x}), lambda y: y[0]


def openvino(name, x):
    import openvino

    # Its default is bf16 where the processor has it; here all compute in f32.
    how = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": THREADS,
           "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY"}
    request = openvino.Core().compile_model(DATA / f"{name}.onnx", "CPU", how).create_infer_request()
    request.set_input_tensor(openvino.Tensor(x, shared_memory=True))
    # The tensor only borrows the array, so the function has to hold it.
    return lambda held=x: request.infer(), lambda _: request.get_output_tensor().data.copy()


def ncnn(name, x):
    import ncnn

    net = ncnn.Net()
    net.opt.num_threads, net.opt.use_vulkan_compute = THREADS, False
    for half in [o for o in dir(net.opt) if "fp16" in o or "bf16" in o]:
        setattr(net.opt, half, False)
    net.load_param(str(DATA / f"{name}.ncnn.param"))
    net.load_model(str(DATA / f"{name}.ncnn.bin"))
    image = ncnn.Mat(x[0]).clone()  # a Mat by itself borrows the array's memory

    def run():
        extractor = net.create_extractor()
        extractor.input("in0", image)
        return extractor, extractor.extract("out0")[1]  # the one owns the other

    return run, lambda y: np.array(y[1])


def litert(name, x):
    from ai_edge_litert.interpreter import Interpreter

    net = Interpreter(str(DATA / f"{name}.tflite"), num_threads=THREADS)
    net.allocate_tensors()
    into, out = net.get_input_details()[0]["index"], net.get_output_details()[0]["index"]
    net.set_tensor(into, np.ascontiguousarray(x.transpose(0, 2, 3, 1)))

    def output(_):
        y = net.get_tensor(out)
        return y.transpose(0, 3, 1, 2) if y.ndim == 4 else y

    return net.invoke, output


ENGINES = {
    "torch": pytorch,
    "torch-nhwc": lambda name, x: pytorch(name, x, channels_last=True),
    "torch-compile": lambda name, x: pytorch(name, x, compiled=True),
    "onnxruntime": onnx_runtime,
    "openvino": openvino,
    "ncnn": ncnn,
    "xnnpack": litert,
}


def read(name, ending):
    return np.fromfile(DATA / f"{name}.{ending}", dtype="<f4")


def milliseconds(run):
    start = time.perf_counter()
    result = run()
    return result, (time.perf_counter() - start) * 1e3


def prepare(engine, name):
    """Loads a network, runs it once and compares with PyTorch's output."""
    with open(DATA / f"{name}.ir") as file:
        shape = [int(n) for n in file.readline().split()[1:]]
    x, expected = read(name, "in").reshape(shape), read(name, "ref")
    (run, output), load = milliseconds(lambda: ENGINES[engine](name, x))
    y, first = milliseconds(run)
    differ = np.abs(np.asarray(output(y)).ravel() - expected).max() / np.abs(expected).max()
    return run, {"load_ms": round(load, 2), "first_ms": round(first, 4), "err": float(f"{differ:.1e}")}


def measure(run, probe, seconds, fewest, most):
    start = time.perf_counter()
    while time.perf_counter() - start < seconds / 4:
        run()
    times, clean, best, before = [], [], 0.0, probe(THREADS)
    start = time.perf_counter()

    def goes_on():
        limit = seconds if clean else seconds * PATIENCE
        return (len(times) < fewest or time.perf_counter() - start < limit) and len(times) < most

    while goes_on():
        group, began = [], time.perf_counter()
        # Several short runs between two probes; two at least, the first wakes the threads.
        while len(group) < 2 or time.perf_counter() - began < 0.002:
            group.append(milliseconds(run)[1])
        after = probe(THREADS)
        times += group
        if min(before, after) >= PEAK:
            clean += group
        best, before = max(best, after), after
    figure = lambda f, values: round(float(f(values)), 5) if values else -1.0
    return {"n": len(times), "median_ms": figure(np.median, times), "min_ms": figure(min, times),
            "clean_n": len(clean), "clean_ms": figure(np.median, clean), "clean_min_ms": figure(min, clean),
            "probe": round(best, 1)}


def peak_memory_mb():
    with open("/proc/self/status") as file:
        return round(next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024, 1)


def main(engine):
    probe = ctypes.CDLL(os.environ["PROBE"]).gflops
    probe.argtypes, probe.restype = [ctypes.c_size_t], ctypes.c_double
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # engines that chatter do so on standard error
    known, run, facts = None, None, {}
    for line in sys.stdin:
        name, seconds, fewest, most = line.split()
        answer = {"engine": engine, "model": name, "threads": THREADS}
        try:
            if name != known:
                known, run = None, None
                run, facts = prepare(engine, name)
                known = name
            answer |= facts | measure(run, probe, float(seconds), int(fewest), int(most))
            answer["rss_mb"] = peak_memory_mb()
        except Exception as error:  # whatever an engine throws is its answer
            answer["error"] = f"{type(error).__name__}: {error}"[:300]
        print(json.dumps(answer), file=answers, flush=True)


main(sys.argv[1])
