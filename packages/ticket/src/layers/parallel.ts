import { concat, shapeText } from '@winning-tickets/onnx';
import { z } from 'zod';
import { layerList } from './layer-spec.js';
import type { LayerDefinition } from './layer.js';

const options = z.strictObject({
  branches: z.array(layerList).min(2),
});

/** Lists of layers side by side over the same input; what they give is joined along the first axis (channels, features). */
export const parallel: LayerDefinition<typeof options> = {
  kind: 'parallel',
  prefix: 'parallel',
  options,
  branches: {
    join: 'concat',
    lists: ({ branches }) => branches,
    withLists: (_options, lists) => ({ branches: lists.map((list) => [...list]) }),
  },
  outputShape(_options, _inputShape, branchShapes) {
    const [first = [], ...others] = branchShapes;
    const [, ...sizes] = first;
    const other = others.find((shape) => shapeText(shape.slice(1)) !== shapeText(sizes));
    if (other) {
      throw new Error(
        `expects branches whose shapes differ in the first axis alone, found ${shapeText(first)} and ${shapeText(other)}`,
      );
    }
    return [branchShapes.reduce((sum, [channels = 0]) => sum + channels, 0), ...sizes];
  },
  parameters: () => [],
  forward: (builder, _input, { branches }) => concat(builder, branches, 1),
};
