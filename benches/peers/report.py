"""Tables out of the results of `run`.

A figure is the least time of all runs of all rounds, in milliseconds. A round's
ratio compares the least times within that round. A round counts as clean if all
that it compares had runs between two probes of at least nine tenths of the
machine's multiply-add rate. The probes are short and do not see a long run being
interrupted, so a row before which memory read at less than seven tenths of the best
of the table is "disturbed", whatever its ratio.
"""
import json
from collections import defaultdict

# At most this ratio to the best peer, and at least so many times as fast as the best in Rust.
GOALS = {
    "lenet5": (0.50, 0.32, 4), "alexnet": (0.97, 0.85, 1.3), "resnet18": (0.70, 0.53, 2),
    "resnet50": (1.00, 0.82, 1.5), "mobilenet_v2": (1.00, 0.75, 5), "vgg16": (0.65, 0.50, 2.5),
}
RUST = ["tract", "rten"]


class Subject:
    """What all engines measured of one network with so many threads."""

    def __init__(self, name, threads):
        self.name, self.threads = name, threads
        self.rounds = defaultdict(dict)  # by engine, then by round
        self.failed = {}
        self.read = None  # GB/s of memory just before

    def least(self, engine):
        times = [r["min_ms"] for r in self.rounds.get(engine, {}).values()]
        return min(times, default=None)

    def peers(self):
        return [engine for engine in self.rounds if not engine.startswith("typenet")]

    def best(self, engines):
        """The fastest of these engines."""
        known = [engine for engine in engines if self.least(engine)]
        return min(known, key=self.least, default=None)

    def round_ratios(self):
        """typenet to the best peer, round by round; None where it was not clean."""
        ratios = []
        for number, own in sorted(self.rounds["typenet"].items()):
            others = [self.rounds[peer][number] for peer in self.peers() if number in self.rounds[peer]]
            best = min(others, key=lambda r: r["min_ms"], default=None)
            clean = best and own["clean_n"] and best["clean_n"]
            ratios.append(own["clean_min_ms"] / best["clean_min_ms"] if clean else None)
        return ratios


def read(text):
    subjects, limits, head = {}, defaultdict(list), {}
    for record in map(json.loads, text.splitlines()):
        if "machine" in record:
            head = record
            continue
        key = record["subject"], record["threads"]
        subject = subjects.setdefault(key, Subject(*key))
        if "limits" in record:
            limits[record["threads"]].append(record["limits"])
            subject.read = record["limits"]["read"]
        elif "error" in record:
            subject.failed[record["engine"]] = record["error"]
        else:
            subject.rounds[record["engine"]][record["round"]] = record
    return head, subjects, limits


def number(value, digits=3):
    return "–" if value is None else f"{value:#.{digits}g}".rstrip(".") if value < 1000 else f"{value:.0f}"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def ratios(subjects):
    """typenet beside the best peer and the best peer in Rust."""
    rows, best = [], max((subject.read or 0 for subject in subjects), default=0)
    for subject in subjects:
        own, peer, rust = subject.least("typenet"), subject.best(subject.peers()), subject.best(RUST)
        if not own or not peer:
            continue
        ratio = own / subject.least(peer)
        each = subject.round_ratios()
        row = [subject.name, number(own), f"{peer} {number(subject.least(peer))}", f"**{ratio:.2f}**",
               " ".join("–" if r is None else f"{r:.2f}" for r in each),
               f"{subject.least(rust) / own:.1f} ({rust})" if rust else "–"]
        must, aim, times = GOALS.get(subject.name, (None, None, None))
        if must:
            fast = not rust or subject.least(rust) / own >= times

            def holds(limit):
                return fast and ratio <= limit and sum(r is not None and r <= limit for r in each) >= 3

            verdict = "aim" if holds(aim) else "yes" if holds(must) else "no"
            row += [f"≤ {must:.2f}, {times} ×", f"{aim:.2f}"]
        else:
            verdict = "level" if ratio <= 1 else "behind"
            row += ["", ""]
        row.append("disturbed" if (subject.read or 0) < 0.7 * best else verdict)
        rows.append(row)
    return table(["", "typenet, ms", "best peer, ms", "ratio", "ratio of each round", "times the best in Rust",
                  "must", "aim", "reached"], rows)


def everyone(subjects):
    """The least time of every engine."""
    names = list(dict.fromkeys(engine for subject in subjects for engine in subject.rounds))
    rows = [[subject.name, *(number(subject.least(engine)) for engine in names)] for subject in subjects]
    return table(["ms", *names], rows)


def tables(text):
    head, subjects, limits = read(text)
    parts = [f"{head['machine']}; {head['date']}; `{head['command']}`"]
    for threads in dict.fromkeys(threads for _, threads in subjects):
        some = [subject for (_, count), subject in subjects.items() if count == threads]
        flops, bytes = (max(limit[key] for limit in limits[threads]) for key in ("gflops", "read"))
        parts += [f"### {threads} thread{'s' * (threads > 1)}: {flops:.0f} GFLOP/s, {bytes:.1f} GB/s",
                  ratios(some), everyone(some)]
    errors = defaultdict(float)
    for subject in subjects.values():
        for engine, rounds in subject.rounds.items():
            errors[engine] = max([errors[engine], *(r["err"] for r in rounds.values())])
    parts.append("Largest difference from PyTorch's output over its largest value: "
                 + ", ".join(f"{engine} {err:.0e}" for engine, err in errors.items()) + ".")
    for subject in subjects.values():
        parts += [f"- {subject.name}, {subject.threads} thread(s): {engine} failed: {why}"
                  for engine, why in subject.failed.items()]
    return "\n\n".join(parts)
