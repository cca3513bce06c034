"""A whole lottery experiment in PyTorch, as one would write it for speed: the peer of `tickets train`.

Reads an experiment file, trains every stage of every trial (iterative magnitude pruning with its controls) and prints
one JSON line: wall seconds and the accuracies of every stage. Tensors stay in memory (no DataLoader), Adam is the fused
one, trials run side by side, one process each.
"""

import argparse
import json
import math
import multiprocessing
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from mnist import Samples, load_mnist
from networks import NETWORKS, Network, draw_batches, initial_parameters, named_network

Masks = list[Tensor | None]
"""One float32 mask of 0 and 1 per parameter; None for what is not masked."""

EVALUATION_BATCH = 1000
"""Samples per batch of an evaluation. Activations that stay in the cache make it a fifth faster than one large batch."""

CONTROLS = ("random-reinit", "random-mask", "one-shot")


@dataclass(frozen=True)
class Splits:
    train: Samples
    validation: Samples
    test: Samples


@dataclass(frozen=True)
class Trained:
    final: list[Tensor]
    """Parameters at the end of training: what is pruned."""
    metrics: dict
    """Validation and test loss and accuracy, at the validation minimum (`best`) and at the `end`."""


def split(directory: Path, network: Network, validation: int, seed: int) -> Splits:
    train, test = load_mnist(directory)
    order = torch.randperm(len(train.labels), generator=torch.Generator().manual_seed(seed))

    def take(samples: Samples, indices: Tensor) -> Samples:
        return Samples(samples.inputs[indices].view(-1, *network.input_shape), samples.labels[indices])

    return Splits(
        train=take(train, order[validation:]),
        validation=take(train, order[:validation]),
        test=Samples(test.inputs.view(-1, *network.input_shape), test.labels),
    )


@torch.inference_mode()
def evaluate(network: Network, parameters: list[Tensor], samples: Samples) -> tuple[float, float]:
    """Mean cross-entropy (nats) and accuracy (0-1)."""
    loss, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
    for inputs, labels in zip(samples.inputs.split(EVALUATION_BATCH), samples.labels.split(EVALUATION_BATCH)):
        logits = network.forward(parameters, inputs)
        loss += F.cross_entropy(logits, labels, reduction="sum")
        correct += (logits.argmax(1) == labels).sum()
    return loss.item() / len(samples.labels), correct.item() / len(samples.labels)


def train(experiment: dict, network: Network, splits: Splits, initial: list[Tensor], masks: Masks, seed: int) -> Trained:
    """Trains from `initial` under `masks`: gradients are multiplied by the mask, so that pruned weights stay zero."""
    parameters = [
        (value.clone() if mask is None else value * mask).requires_grad_() for value, mask in zip(initial, masks)
    ]
    masked = [(parameter, mask) for parameter, mask in zip(parameters, masks) if mask is not None]
    adam = experiment["optimizer"]
    optimizer = torch.optim.Adam(
        parameters,
        lr=adam["rate"],
        betas=(adam.get("beta1", 0.9), adam.get("beta2", 0.999)),
        eps=adam.get("epsilon", 1e-8),
        fused=True,
    )
    iterations, evaluate_every = experiment["iterations"], experiment["evaluateEvery"]
    inputs, labels = splits.train
    batches = draw_batches(len(labels), experiment["batchSize"], iterations, torch.Generator().manual_seed(seed))
    best_loss, best_accuracy, best_iteration, best = math.inf, 0.0, 0, []
    for iteration, batch in enumerate(batches.unbind(), start=1):
        loss = F.cross_entropy(network.forward(parameters, inputs[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        for parameter, mask in masked:
            parameter.grad.mul_(mask)
        optimizer.step()
        if iteration % evaluate_every == 0 or iteration == iterations:
            validation_loss, validation_accuracy = evaluate(network, parameters, splits.validation)
            if validation_loss < best_loss:
                best_loss, best_accuracy, best_iteration = validation_loss, validation_accuracy, iteration
                best = [parameter.detach().clone() for parameter in parameters]

    def at(iteration: int, values: list[Tensor], validation_loss: float, validation_accuracy: float) -> dict:
        test_loss, test_accuracy = evaluate(network, values, splits.test)
        return {
            "iteration": iteration,
            "validationLoss": validation_loss,
            "validationAccuracy": validation_accuracy,
            "testLoss": test_loss,
            "testAccuracy": test_accuracy,
        }

    final = [parameter.detach() for parameter in parameters]
    return Trained(
        final,
        {
            "best": at(best_iteration, best, best_loss, best_accuracy),
            "end": at(iterations, final, validation_loss, validation_accuracy),
        },
    )


def survivor_counts(experiment: dict, network: Network, level: int) -> list[int]:
    """Weights that survive in each parameter; the number pruned in a round is rounded half up."""
    pruning = experiment["pruning"]
    layer_rates, kind_rates = pruning.get("layerRates", {}), pruning.get("kindRates", {})
    counts = []
    for parameter in network.parameters:
        count = math.prod(parameter.shape)
        if parameter.prunable:
            rate = layer_rates.get(parameter.layer, kind_rates.get(parameter.kind, pruning["rate"]))
            for _ in range(level):
                count -= math.floor(count * rate + 0.5)
        counts.append(count)
    return counts


def keep_largest(scores: list[Tensor], masks: Masks, counts: list[int]) -> Masks:
    """Exactly `counts` of the weights that each mask keeps: those with the largest scores (not negative)."""

    def kept(score: Tensor, mask: Tensor | None, count: int) -> Tensor | None:
        if mask is None:
            return None
        # A pruned weight scores below every survivor, even one that is exactly zero.
        indices = torch.where(mask > 0, score, -1.0).flatten().topk(count, sorted=False).indices
        return torch.zeros(mask.numel()).index_fill_(0, indices, 1.0).view(mask.shape)

    return [kept(*arguments) for arguments in zip(scores, masks, counts)]


def run_trial(experiment: dict, network: Network, splits: Splits, trial: int) -> list[dict]:
    """All stages of a trial (numbered from 1)."""
    seed = experiment["seed"] * 1000 + trial
    generator = torch.Generator().manual_seed(seed)
    initial = initial_parameters(network, generator)
    full: Masks = [
        torch.ones(value.shape) if parameter.prunable else None
        for parameter, value in zip(network.parameters, initial)
    ]
    prunable = sum(mask.numel() for mask in full if mask is not None)
    stages: list[dict] = []

    def stage(branch: str, level: int, start: list[Tensor], masks: Masks) -> Trained:
        started = time.perf_counter()
        trained = train(experiment, network, splits, start, masks, seed)
        survivors = sum(int(mask.sum()) for mask in masks if mask is not None)
        stages.append(
            {
                "trial": trial,
                "branch": branch,
                "level": level,
                "density": survivors / prunable,
                "survivors": survivors,
                "seconds": time.perf_counter() - started,
                "metrics": trained.metrics,
            }
        )
        return trained

    def control(kind: str, level: int, masks: Masks, dense: Trained) -> None:
        counts = survivor_counts(experiment, network, level)
        if kind == "random-reinit":
            stage(kind, level, initial_parameters(network, generator), masks)
        elif kind == "random-mask":
            scores = [torch.rand(value.shape, generator=generator) for value in initial]
            stage(kind, level, initial, keep_largest(scores, full, counts))
        else:
            stage(kind, level, initial, keep_largest([value.abs() for value in dense.final], full, counts))

    masks = full
    dense = trained = None
    for level in range(experiment["pruning"]["levels"] + 1):
        if trained is not None:
            counts = survivor_counts(experiment, network, level)
            masks = keep_largest([value.abs() for value in trained.final], masks, counts)
        trained = stage("iterative", level, initial, masks)
        dense = dense or trained
        for branch in experiment.get("branches", []):
            if level in branch["levels"]:
                control(branch["kind"], level, masks, dense)
    return stages


def check(experiment: dict, source: Path) -> Network:
    """The experiment's network. Raises ValueError for what this peer does not do."""

    def expect(key: str, found: object, known: tuple) -> None:
        if found not in known:
            names = ", ".join(map(str, known))
            raise ValueError(f"{source}: {key} is {found!r}, but the PyTorch peer only does {names}")

    expect("dataset.id", experiment["dataset"]["id"], ("mnist",))
    network = experiment["network"]
    expect("network", network if isinstance(network, str) else "spelt out", tuple(NETWORKS))
    expect("optimizer.kind", experiment["optimizer"]["kind"], ("adam",))
    expect("pruning.criterion", experiment["pruning"].get("criterion", "magnitude"), ("magnitude",))
    expect("pruning.scope", experiment["pruning"].get("scope", "layer"), ("layer",))
    for branch in experiment.get("branches", []):
        expect("branches.kind", branch["kind"], CONTROLS)
    return named_network(network)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", type=Path, help="an experiment file, such as experiments/quick.json")
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST's four IDX files")
    parser.add_argument("--jobs", type=int, help="trials side by side (default: as many as there are cores)")
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    started = time.perf_counter()
    experiment = json.loads(options.experiment.read_text())
    network = check(experiment, options.experiment)
    torch.set_num_threads(experiment.get("threads", 1))
    # Not PyTorch's default, but the other side does it: Adam's moments of rarely lit pixels become denormal, and slow.
    torch.set_flush_denormal(True)
    dataset = experiment["dataset"]
    splits = split(options.data, network, dataset.get("validation", 5000), dataset.get("splitSeed", 0))
    trials = range(1, experiment["trials"] + 1)
    arguments = [(experiment, network, splits, trial) for trial in trials]
    jobs = min(options.jobs or os.cpu_count() or 1, len(trials))
    if jobs == 1:
        results = [run_trial(*argument) for argument in arguments]
    else:
        # The first optimizer imports a good part of the library; the trials need not each wait for that.
        torch.optim.Adam([torch.zeros(1)], fused=True)
        # Forked on Linux, the trials share the imported library and the data; elsewhere forking is not safe.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        with context.Pool(jobs) as pool:
            results = pool.starmap(run_trial, arguments, chunksize=1)
    stages = [stage for result in results for stage in result]
    print(json.dumps({"seconds": time.perf_counter() - started, "jobs": jobs, "stages": stages}))


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
    except KeyError as error:
        sys.exit(f"the experiment has no key {error}")
    except ValueError as error:
        sys.exit(str(error))
