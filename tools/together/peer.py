"""The steps of bench.mjs in PyTorch: one network on images of MNIST's size, several trainings side by side.

Prints one JSON object: versions, the device's name, and per number of trainings and mode the microseconds of a step in
each block. The step is the same masked one: mini-batch from images that stay on the device, cross-entropy, gradients
multiplied by the mask, Adam. Trainings side by side are `torch.func.vmap` over a leading axis of weights, masks and
batches. Images and labels are random: what they show does not change how long a step takes.

`eager` runs operator by operator; `compiled` is the whole step under `torch.compile`, on a GPU with CUDA graphs
(`mode="reduce-overhead"`).
"""

import argparse
import json
import platform
import time

import torch
import torch.nn.functional as F
from torch import Tensor

BATCH, RATE, BETA1, BETA2, EPSILON = 60, 0.0012, 0.9, 0.999, 1e-8


def dense_shapes(*sizes: int) -> list[tuple[int, ...]]:
    return [shape for fan_in, fan_out in zip(sizes, sizes[1:]) for shape in ((fan_out, fan_in), (fan_out,))]


def lenet_300_100(p: list[Tensor], x: Tensor) -> Tensor:
    x = F.relu(F.linear(x.flatten(1), p[0], p[1]))
    return F.linear(F.relu(F.linear(x, p[2], p[3])), p[4], p[5])


def lenet_5(p: list[Tensor], x: Tensor) -> Tensor:
    x = F.max_pool2d(F.relu(F.conv2d(x, p[0], p[1], padding=2)), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, p[2], p[3])), 2).flatten(1)
    x = F.relu(F.linear(F.relu(F.linear(x, p[4], p[5])), p[6], p[7]))
    return F.linear(x, p[8], p[9])


def conv_2(p: list[Tensor], x: Tensor) -> Tensor:
    x = F.relu(F.conv2d(F.relu(F.conv2d(x, p[0], p[1], padding=1)), p[2], p[3], padding=1))
    x = F.max_pool2d(x, 2).flatten(1)
    return F.linear(F.relu(F.linear(F.relu(F.linear(x, p[4], p[5])), p[6], p[7])), p[8], p[9])


NETWORKS = {
    "lenet-300-100": (lenet_300_100, dense_shapes(784, 300, 100, 10)),
    "lenet-5": (
        lenet_5,
        [(6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), *dense_shapes(400, 120, 84, 10)],
    ),
    "conv-2": (
        conv_2,
        [(64, 1, 3, 3), (64,), (64, 64, 3, 3), (64,), *dense_shapes(64 * 14 * 14, 256, 256, 10)],
    ),
}


def make_step(name: str, members: int, density: float, device: str, compiled: bool):
    network, shapes = NETWORKS[name]
    generator = torch.Generator(device).manual_seed(1)

    def random(*shape: int) -> Tensor:
        return torch.randn(members, *shape, generator=generator, device=device)

    masks = [
        (torch.rand(members, *s, generator=generator, device=device) < density).float() if len(s) > 1 else None
        for s in shapes
    ]
    parameters = [random(*s) * (0.05 if len(s) > 1 else 0.0) for s in shapes]
    for value, mask in zip(parameters, masks):
        if mask is not None:
            value.mul_(mask)
    firsts = [torch.zeros_like(value) for value in parameters]
    seconds = [torch.zeros_like(value) for value in parameters]
    images = torch.randint(0, 256, (55_000, 1, 28, 28), dtype=torch.uint8, device=device, generator=generator)
    labels = torch.randint(0, 10, (55_000,), device=device, generator=generator)

    def loss_of(p: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
        return F.cross_entropy(network(p, x), y)

    slopes_of = torch.func.vmap(torch.func.grad_and_value(loss_of), in_dims=(0, 0, 0))

    def update(indices: Tensor, rate: Tensor) -> Tensor:
        x, y = images[indices].float() / 255, labels[indices]
        slopes, losses = slopes_of(parameters, x, y)
        for value, slope, first, second, mask in zip(parameters, slopes, firsts, seconds, masks):
            if mask is not None:
                slope = slope * mask
            first.lerp_(slope, 1 - BETA1)
            second.mul_(BETA2).addcmul_(slope, slope, value=1 - BETA2)
            value.sub_(rate * first / (second.sqrt() + EPSILON))
        return losses

    if compiled:
        update = torch.compile(update, mode="reduce-overhead" if device == "cuda" else "default")
    taken = 0

    @torch.no_grad()
    def step(indices: Tensor, rates: Tensor) -> Tensor:
        return update(indices, rates)

    def block(steps: int) -> float:
        """Microseconds of a step, over a block whose batches and rates are on the device beforehand."""
        nonlocal taken
        indices = torch.randint(0, 55_000, (steps, members, BATCH), device=device, generator=generator)
        rates = torch.tensor(
            [RATE * (1 - BETA2**t) ** 0.5 / (1 - BETA1**t) for t in range(taken + 1, taken + steps + 1)],
            device=device,
        )
        taken += steps
        if device == "cuda":
            torch.cuda.synchronize()
        started = time.perf_counter_ns()
        losses = None
        for index in range(steps):
            losses = step(indices[index], rates[index])
        if device == "cuda":
            torch.cuda.synchronize()
        micros = (time.perf_counter_ns() - started) / 1000 / steps
        if not bool(torch.isfinite(losses).all()):
            raise RuntimeError("a training diverged: its time says nothing")
        return micros

    return block


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NETWORKS, required=True)
    parser.add_argument("--members", required=True, help="comma-separated")
    parser.add_argument("--device", choices=["cpu", "cuda"], required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--blocks", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--density", type=float, required=True)
    parser.add_argument("--modes", default="eager,compiled")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    # As the other side multiplies, which has no choice.
    torch.backends.cuda.matmul.allow_tf32 = True
    rows = []
    for members in map(int, options.members.split(",")):
        for mode in options.modes.split(","):
            try:
                block = make_step(options.network, members, options.density, options.device, mode == "compiled")
                micros = [block(options.steps) for _ in range(options.blocks + 1)][1:]
                rows.append({"members": members, "mode": mode, "micros": micros})
            except Exception as error:  # One that does not work leaves the others.
                rows.append({"members": members, "mode": mode, "error": str(error).splitlines()[0][:300]})
    name = torch.cuda.get_device_name() if options.device == "cuda" else platform.processor()
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    print(json.dumps({"versions": versions, "device": name, "rows": rows}))


if __name__ == "__main__":
    main()
