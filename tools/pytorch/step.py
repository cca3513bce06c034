"""One side of the step benchmark: trains in PyTorch on request and says how long a step took.

JSON lines. After one greeting, `{"ready": true, "versions": {...}}`, each request on standard input

    {"cmd": "run", "mode": "eager" | "compiled" | "bag", "steps": 200, "leadIn": 20}

is answered on standard output by `{"micros": <mean time per step>, "loss": <mean over the block>}`, or by
`{"error": <sentence>}`. The `leadIn` steps come first, untimed: they bring the caches back after another side's block.
All modes do the same masked step: gradients multiplied by the mask, Adam, so that pruned weights stay zero. `bag` is
`eager` with an embedding bag for the first layer, for data in sparse rows.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from bags import Bags, load_bags
from mnist import Samples, load_mnist
from networks import Network, draw_batches, initial_parameters, named_network

Step = Callable[[Tensor], Tensor]
"""Trains on the samples at the given indices `[batch]`; returns the batch loss."""


def masked_start(network: Network, density: float, seed: int) -> tuple[list[Tensor], list[Tensor | None]]:
    """Initial parameters with their random masks applied (None for what is not masked)."""
    generator = torch.Generator().manual_seed(seed)
    parameters = initial_parameters(network, generator)
    masks = [
        (torch.rand(value.shape, generator=generator) < density).float() if parameter.prunable else None
        for parameter, value in zip(network.parameters, parameters)
    ]
    for value, mask in zip(parameters, masks):
        if mask is not None:
            value.mul_(mask)
    return parameters, masks


def eager_step(network: Network, train: Samples, parameters: list[Tensor], masks: list[Tensor | None]) -> Step:
    """The step as one writes it in PyTorch, with its fastest Adam."""
    for parameter in parameters:
        parameter.requires_grad_()
    masked = [(parameter, mask) for parameter, mask in zip(parameters, masks) if mask is not None]
    optimizer = torch.optim.Adam(parameters, lr=network.learning_rate, fused=True)

    def step(batch: Tensor) -> Tensor:
        loss = F.cross_entropy(network.forward(parameters, train.inputs[batch]), train.labels[batch])
        optimizer.zero_grad()
        loss.backward()
        for parameter, mask in masked:
            parameter.grad.mul_(mask)
        optimizer.step()
        return loss.detach()

    return step


def compiled_step(network: Network, train: Samples, parameters: list[Tensor], masks: list[Tensor | None]) -> Step:
    """Forward, backward and update as one compiled graph.

    The fastest of the forms tried: faster than compiling the loss and its gradient alone with the fused Adam after it,
    than compiling that Adam, and than updating the moments in place before they are used. Of the modes, `default` and
    `max-autotune-no-cudagraphs` make the same CPU code here.
    """
    first_moments = [torch.zeros_like(parameter) for parameter in parameters]
    second_moments = [torch.zeros_like(parameter) for parameter in parameters]
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8
    taken = 0

    @torch.compile(fullgraph=True)
    def update(batch: Tensor, rate: Tensor, parameters, first_moments, second_moments, inputs, labels) -> Tensor:
        samples, classes = inputs[batch], labels[batch]

        def loss_of(parameters: list[Tensor]) -> Tensor:
            return F.cross_entropy(network.forward(parameters, samples), classes)

        gradients, loss = torch.func.grad_and_value(loss_of)(parameters)
        for parameter, gradient, first, second, mask in zip(
            parameters, gradients, first_moments, second_moments, masks
        ):
            if mask is not None:
                gradient = gradient * mask
            new_first = first + (gradient - first) * (1 - beta1)
            new_second = second + (gradient * gradient - second) * (1 - beta2)
            first.copy_(new_first)
            second.copy_(new_second)
            parameter.sub_(rate * new_first / (new_second.sqrt() + epsilon))
        return loss

    @torch.no_grad()
    def step(batch: Tensor) -> Tensor:
        nonlocal taken
        taken += 1
        # The bias correction goes into the rate, as a tensor: a number would be compiled anew at each step.
        rate = network.learning_rate * (1 - beta2**taken) ** 0.5 / (1 - beta1**taken)
        return update(
            batch, torch.tensor(rate), parameters, first_moments, second_moments, train.inputs, train.labels
        )

    return step


def bag_step(network: Network, bags: Bags, labels: Tensor, parameters: list[Tensor], masks: list[Tensor | None]) -> Step:
    """The eager step over the words that are there: the first layer as an embedding bag, its weights a row per word."""
    parameters[0] = parameters[0].t().contiguous()
    masks[0] = masks[0].t().contiguous()
    for parameter in parameters:
        parameter.requires_grad_()
    masked = [(parameter, mask) for parameter, mask in zip(parameters, masks) if mask is not None]
    optimizer = torch.optim.Adam(parameters, lr=network.learning_rate, fused=True)
    all_ones = bool((bags.values == 1).all())

    def step(batch: Tensor) -> Tensor:
        words, weights, starts = bags.batch(batch)
        weight, bias, *rest = parameters
        hidden = F.embedding_bag(
            words, weight, starts, mode="sum", per_sample_weights=None if all_ones else weights
        )
        loss = F.cross_entropy(F.linear(F.relu(hidden + bias), *rest), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        for parameter, mask in masked:
            parameter.grad.mul_(mask)
        optimizer.step()
        return loss.detach()

    return step


MODES = {"eager": eager_step, "compiled": compiled_step}


class Data(NamedTuple):
    train: Samples
    bags: Bags | None


def load_data(folder: Path, network: Network) -> Data:
    """Bags of words where bench.mjs wrote some, MNIST otherwise."""
    if (folder / "shape.json").exists():
        bags, labels = load_bags(folder)
        return Data(Samples(bags.dense(), labels), bags)
    train, _ = load_mnist(folder)
    return Data(Samples(train.inputs.view(-1, *network.input_shape), train.labels), None)


class Side:
    """One mode's training, which goes on from block to block."""

    def __init__(self, network: Network, data: Data, mode: str, density: float, seed: int) -> None:
        train, bags = data
        self._parameters, self._masks = masked_start(network, density, seed)
        if mode == "bag":
            self._step = bag_step(network, bags, train.labels, self._parameters, self._masks)
        else:
            self._step = MODES[mode](network, train, self._parameters, self._masks)
        self._generator = torch.Generator().manual_seed(seed)
        self._samples, self._batch_size = len(train.labels), network.batch_size

    def run(self, steps: int, lead_in: int) -> dict[str, float]:
        batches = draw_batches(self._samples, self._batch_size, lead_in + steps, self._generator).unbind()
        for batch in batches[:lead_in]:
            self._step(batch)
        losses = []
        started = time.perf_counter_ns()
        for batch in batches[lead_in:]:
            losses.append(self._step(batch))
        micros = (time.perf_counter_ns() - started) / 1000 / steps
        self._expect_pruned_weights_zero()
        return {"micros": micros, "loss": torch.stack(losses).mean().item()}

    def _expect_pruned_weights_zero(self) -> None:
        for parameter, mask in zip(self._parameters, self._masks):
            if mask is not None and parameter.detach()[mask == 0].any():
                raise RuntimeError("a pruned weight has left zero: the step measured is not the masked step")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST's four IDX files, or with sparse rows")
    parser.add_argument("--network", required=True)
    parser.add_argument("--threads", type=int, default=1, help="threads inside one operator (default 1)")
    parser.add_argument("--density", type=float, default=0.5, help="share of weights that survive (default 0.5)")
    parser.add_argument("--seed", type=int, default=1, help="of weights, masks and batches (default 1)")
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    # Not PyTorch's default, but the other side does it: Adam's moments of rarely lit pixels become denormal, and slow.
    torch.set_flush_denormal(True)
    network = named_network(options.network)
    data = load_data(options.data, network)
    modes = [*MODES, "bag"] if data.bags else list(MODES)
    sides: dict[str, Side] = {}

    def answer(request: dict) -> dict:
        if request.get("cmd") != "run" or request.get("mode") not in modes:
            raise ValueError(f'expected {{"cmd": "run", "mode": {" or ".join(modes)}}}, found {request}')
        mode = request["mode"]
        if mode not in sides:
            sides[mode] = Side(network, data, mode, options.density, options.seed)
        return sides[mode].run(request["steps"], request.get("leadIn", 0))

    def say(message: dict) -> None:
        print(json.dumps(message), flush=True)

    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__}
    say({"ready": True, "versions": versions})
    for line in sys.stdin:
        try:
            say(answer(json.loads(line)))
        except Exception as error:  # Whatever went wrong, the other end waits for an answer.
            say({"error": f"{type(error).__name__}: {error}".splitlines()[0]})


if __name__ == "__main__":
    main()
