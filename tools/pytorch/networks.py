"""The networks of the comparison, as functions over a list of parameters."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Parameter(NamedTuple):
    name: str
    shape: tuple[int, ...]
    """As PyTorch stores it: `[out, in]` for a dense weight, `[out, in, height, width]` for a convolution's."""
    prunable: bool
    """Weights are masked, biases are not."""

    @property
    def layer(self) -> str:
        return self.name.split(".")[0]

    @property
    def kind(self) -> str:
        """What our side calls the kind of its layer; of a weight."""
        return "conv2d" if len(self.shape) == 4 else "dense"


class Network(NamedTuple):
    parameters: tuple[Parameter, ...]
    forward: Callable[[Sequence[Tensor], Tensor], Tensor]
    """Parameters and a batch `[batch, ...input shape]` to logits `[batch, classes]`."""
    input_shape: tuple[int, ...]
    batch_size: int
    learning_rate: float
    """Adam's."""


def _dense(name: str, inputs: int, outputs: int) -> tuple[Parameter, Parameter]:
    return Parameter(f"{name}.weight", (outputs, inputs), True), Parameter(f"{name}.bias", (outputs,), False)


def _conv(name: str, channels: int, filters: int, kernel: int) -> tuple[Parameter, Parameter]:
    weight = Parameter(f"{name}.weight", (filters, channels, kernel, kernel), True)
    return weight, Parameter(f"{name}.bias", (filters,), False)


def _three_dense(parameters: Sequence[Tensor], inputs: Tensor) -> Tensor:
    w1, b1, w2, b2, w3, b3 = parameters
    hidden = F.relu(F.linear(inputs, w1, b1))
    hidden = F.relu(F.linear(hidden, w2, b2))
    return F.linear(hidden, w3, b3)


def _lenet_5(parameters: Sequence[Tensor], inputs: Tensor) -> Tensor:
    w1, b1, w2, b2, *dense = parameters
    hidden = F.max_pool2d(F.relu(F.conv2d(inputs, w1, b1, padding=2)), 2)
    hidden = F.max_pool2d(F.relu(F.conv2d(hidden, w2, b2)), 2)
    return _three_dense(dense, hidden.flatten(1))


def _conv_2(parameters: Sequence[Tensor], inputs: Tensor) -> Tensor:
    w1, b1, w2, b2, *dense = parameters
    hidden = F.relu(F.conv2d(inputs, w1, b1, padding=1))
    hidden = F.max_pool2d(F.relu(F.conv2d(hidden, w2, b2, padding=1)), 2)
    return _three_dense(dense, hidden.flatten(1))


def _two_dense(parameters: Sequence[Tensor], inputs: Tensor) -> Tensor:
    w1, b1, w2, b2 = parameters
    return F.linear(F.relu(F.linear(inputs, w1, b1)), w2, b2)


# To add a network: one entry here, one in networks.mjs.
NETWORKS = {
    "lenet-300-100": Network(
        parameters=(*_dense("fc1", 784, 300), *_dense("fc2", 300, 100), *_dense("fc3", 100, 10)),
        forward=_three_dense,
        input_shape=(784,),
        batch_size=60,
        learning_rate=1.2e-3,
    ),
    "lenet-5": Network(
        parameters=(
            *_conv("conv1", 1, 6, 5),
            *_conv("conv2", 6, 16, 5),
            *_dense("fc1", 400, 120),
            *_dense("fc2", 120, 84),
            *_dense("fc3", 84, 10),
        ),
        forward=_lenet_5,
        input_shape=(1, 28, 28),
        batch_size=60,
        learning_rate=1.2e-3,
    ),
    "conv-2": Network(
        parameters=(
            *_conv("conv1", 1, 64, 3),
            *_conv("conv2", 64, 64, 3),
            *_dense("fc1", 12544, 256),
            *_dense("fc2", 256, 256),
            *_dense("fc3", 256, 10),
        ),
        forward=_conv_2,
        input_shape=(1, 28, 28),
        batch_size=60,
        learning_rate=2e-4,
    ),
    "reuters-ffnn": Network(
        parameters=(*_dense("fc1", 10000, 128), *_dense("fc2", 128, 46)),
        forward=_two_dense,
        input_shape=(10000,),
        batch_size=60,
        learning_rate=1e-3,
    ),
}


def named_network(name: str) -> Network:
    """Raises ValueError with the known names when there is no such network."""
    if name not in NETWORKS:
        raise ValueError(f'no network "{name}" here; known: {", ".join(NETWORKS)}')
    return NETWORKS[name]


def initial_parameters(network: Network, generator: torch.Generator) -> list[Tensor]:
    """Gaussian Glorot weights, zero biases."""

    def initial(parameter: Parameter) -> Tensor:
        if not parameter.prunable:
            return torch.zeros(parameter.shape)
        receptive_field = torch.Size(parameter.shape[2:]).numel()
        fan_in, fan_out = parameter.shape[1] * receptive_field, parameter.shape[0] * receptive_field
        return torch.randn(parameter.shape, generator=generator) * (2 / (fan_in + fan_out)) ** 0.5

    return [initial(parameter) for parameter in network.parameters]


def draw_batches(samples: int, batch_size: int, steps: int, generator: torch.Generator) -> Tensor:
    """Indices `[steps, batch]`: one permutation after the other, so that no sample is left out at an epoch's end."""
    needed = steps * batch_size
    epochs = [torch.randperm(samples, generator=generator) for _ in range(-(-needed // samples))]
    return torch.cat(epochs)[:needed].view(steps, batch_size)
