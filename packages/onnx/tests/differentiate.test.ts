import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphBuilder, Tensor, Value } from '../src/index.js';
import {
  add,
  cast,
  equal,
  exp,
  flatten,
  float32,
  gemm,
  gradients,
  log,
  mul,
  operatorNamed,
  operatorNames,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  sub,
  tanh,
  tensor,
} from '../src/index.js';
import type { Build, Input } from './operators/support.js';
import {
  at,
  batched,
  expectGradients,
  float64,
  load,
  runGraph,
  shapeOf,
  tensorsOf,
  valuesOf,
} from './operators/support.js';

describe('gradients', () => {
  test('are summed over all uses of a value', async () => {
    const build: Build = (b, x) => add(b, mul(b, x, x), add(b, exp(b, x), x));
    await expectGradients(build, [float64([0.5, -1])]);
  });

  test('are zeros where there is no path, even for values that are not finite', async () => {
    const [slope, infinite] = await runGraph(
      (b, x, y, z) => gradients(b, mul(b, x, x), [y, z]),
      [float32([1, 2]), batched(float32([1, 2, 3, 4, 5, 6], [2, 3])), float32([Infinity, NaN])],
    );
    expect(slope).toEqual({ dtype: 'float32', shape: [2, 3], data: new Float32Array(6) });
    expect(infinite?.data).toEqual(new Float32Array(2));
  });

  test('are ones for the value itself', async () => {
    expect(await valuesOf((b, x) => gradients(b, x, [x]), float32([NaN, 5]))).toEqual([1, 1]);
  });

  test('with respect to a value in between treat it as free', async () => {
    const slope = await valuesOf(
      (b, x) => {
        const y = mul(b, x, x);
        return gradients(b, mul(b, y, y), [y]);
      },
      float64([3]),
    );
    expect(slope).toEqual([18]);
  });

  test('do not pass through a detached value', async () => {
    const slope = await valuesOf(
      (b, x) => {
        const constant = b.detach(mul(b, x, x));
        return gradients(b, mul(b, constant, x), [x]);
      },
      float64([3]),
    );
    expect(slope).toEqual([9]);
  });

  test('a value detached around a subgraph is detached in it', () => {
    let inside: boolean | undefined;
    shapeOf(
      (b, x) => {
        inside = b.subgraph('body').isDetached(b.detach(x));
        return x;
      },
      ['float32', 2],
    );
    expect(inside).toBe(true);
  });

  test('of a value that broadcasts have its shape, in both directions', async () => {
    const product: Build = (b, x, y) => reduceSum(b, mul(b, x, y));
    for (const [x, y] of [
      [[3], [2, 3]],
      [[2, 3], [3]],
      [
        [2, 1],
        [1, 3],
      ],
      [[], [2, 3]],
    ] as const) {
      await fc.assert(
        fc.asyncProperty(tensorsOf(x), tensorsOf(y), (a, b) => expectGradients(product, [a, b])),
        { seed: 1, numRuns: 2 },
      );
    }
  });

  test('a seed weighs the elements of the output', async () => {
    const slope = await valuesOf(
      (b, x, seed) => gradients(b, mul(b, x, x), [x], seed),
      float64([1, 2, 3]),
      float64([1, 0, 10]),
    );
    expect(slope).toEqual([2, 0, 60]);
  });

  test('of a batch whose size is known only at run time', async () => {
    const build: Build = (b, x, w) =>
      reduceMean(b, mul(b, reshape(b, flatten(b, x), [-1, 3, 2]), reduceMean(b, add(b, x, w), [2], true)));
    await fc.assert(
      fc.asyncProperty(tensorsOf([4, 3, 2]), tensorsOf([3, 1]), (x, w) =>
        expectGradients(build, [batched(x), w]),
      ),
      { seed: 1, numRuns: 3 },
    );
  });

  test('the mean of an empty batch has an empty gradient', async () => {
    const empty = { tensor: float32([], [0, 3]), declared: ['batch', 3] };
    const slope = await valuesOf((b, x) => gradients(b, reduceMean(b, x), [x]), empty);
    expect(slope).toEqual([]);
  });

  test('every operator says whether it has a gradient, but for those known to lack a rule', () => {
    const without = operatorNames().filter((op) => operatorNamed(op).gradient === undefined);
    expect(without).toEqual(['Loop']);
  });
});

describe('malformed', () => {
  test('only float values have gradients', () => {
    const labels: Build = (b, x, y) => gradients(b, x, [y]);
    expect(() => shapeOf(labels, ['float32', 2], ['int32', 2])).toThrow(
      "gradients: 'input1' is int32; only float values have gradients",
    );
  });

  test('a seed has the dtype and shape of the output', () => {
    const seeded: Build = (b, x, seed) => gradients(b, x, [x], seed);
    expect(() => shapeOf(seeded, ['float32', 'batch', 2], ['float32', 2])).toThrow(
      "gradients: the seed 'input1' is float32 [2], expected float32 [batch, 2] like 'input0'",
    );
    expect(() => shapeOf(seeded, ['float32', 2], ['float64', 2])).toThrow(
      "gradients: the seed 'input1' is float64 [2], expected float32 [2] like 'input0'",
    );
  });

  test('a value of a subgraph is not one of the graph around it', () => {
    const build: Build = (b, x) => gradients(b, relu(b.subgraph('body'), x), [x]);
    expect(() => shapeOf(build, ['float32', 2])).toThrow(
      /^gradients: 'Relu_1' is not a value of graph 'test'$/,
    );
  });
});

type Activation = (builder: GraphBuilder, x: Value) => Value;

// Mean cross-entropy of a network with one hidden layer, as a function of its two weights and two biases.
function meanLoss(activation: Activation, input: Tensor, labels: Tensor): Build {
  return (b, w1, b1, w2, b2) => {
    const hidden = activation(b, gemm(b, b.constant(input), w1, b1));
    const logits = gemm(b, hidden, w2, b2);
    const shifted = sub(b, logits, b.detach(reduceMax(b, logits, [1], true)));
    const logSum = log(b, reduceSum(b, exp(b, shifted), [1]));
    const classes = b.constant(tensor('int32', [1, 3], Int32Array.of(0, 1, 2)));
    const oneHot = cast(b, equal(b, b.constant(labels), classes), 'float64');
    return reduceMean(b, sub(b, logSum, reduceSum(b, mul(b, shifted, oneHot), [1])));
  };
}

const shapes = [[4, 5], [5], [5, 3], [3]];
const parameters = fc.tuple(...shapes.map((shape) => tensorsOf(shape, -1.5, 1.5)));

describe.each<[string, Activation]>([
  ['tanh', tanh],
  ['sigmoid', sigmoid],
  ['relu', relu],
])('a network with %s', (_, activation) => {
  const input = float64(
    Array.from({ length: 6 * 4 }, (__, index) => Math.sin(1 + 3.1 * index)),
    [6, 4],
  );
  const labels = tensor('int32', [6, 1], Int32Array.of(0, 1, 2, 2, 1, 0));
  const loss = meanLoss(activation, input, labels);

  test('has the gradients of central differences', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, (at0) => expectGradients(loss, at0)),
      { seed: 1, numRuns: 2 },
    );
  });

  test('has the Hessian-vector products of central differences of its gradient', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, parameters, (at0, direction) =>
        expectHessianProduct(loss, at0, direction),
      ),
      { seed: 2, numRuns: 4 },
    );
  });
});

test('a third derivative is that of the cube', async () => {
  const third = await valuesOf(
    (b, x) => {
      const derivative = (y: Value) => at(gradients(b, y, [x]), 0);
      return derivative(derivative(derivative(mul(b, x, mul(b, x, x)))));
    },
    float64([2, -1]),
  );
  expect(third).toEqual([6, 6]);
});

async function expectHessianProduct(loss: Build, point: readonly Tensor[], direction: readonly Tensor[]) {
  const count = point.length;
  const build: Build = (b, ...values) => {
    const weights = values.slice(0, count);
    const slopes = gradients(b, single(loss(b, ...weights)), weights);
    const along = slopes
      .map((slope, index) => reduceSum(b, mul(b, slope, at(values, count + index))))
      .reduce((sum, part) => add(b, sum, part));
    return [...slopes, ...gradients(b, along, weights)];
  };
  const inputs: readonly Input[] = [...point, ...direction];
  const program = await load(build, inputs);
  const step = 1e-5;
  const moved = (by: number) =>
    point.map((p, index) =>
      float64(
        elements(p).map((x, k) => x + by * at(elements(at(direction, index)), k)),
        p.shape,
      ),
    );
  const here = await program.run([...point, ...direction]);
  const above = await program.run([...moved(step), ...direction]);
  const below = await program.run([...moved(-step), ...direction]);
  await program.dispose();
  for (let index = 0; index < count; index++) {
    const product = elements(at(here, count + index));
    const [up, down] = [elements(at(above, index)), elements(at(below, index))];
    product.forEach((actual, k) => {
      const expected = (at(up, k) - at(down, k)) / (2 * step);
      expect(Math.abs(actual - expected), `${actual}, by differences ${expected}`).toBeLessThan(1e-7);
    });
  }
}

function elements(t: Tensor): number[] {
  return Array.from(t.data as Float64Array);
}

function single(built: Value | readonly Value[]): Value {
  return Array.isArray(built) ? at(built as readonly Value[], 0) : (built as Value);
}
