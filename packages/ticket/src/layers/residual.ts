import { add, shapeText } from '@winning-tickets/onnx';
import { z } from 'zod';
import { layerList } from './layer-spec.js';
import type { LayerDefinition } from './layer.js';

const options = z.strictObject({
  layers: layerList,
  /** Layers on the way around, where shapes change; the input itself when left out. */
  shortcut: layerList.default([]),
});

/** The sum of what layers make of the input and the input itself (He et al. 2016, "Deep residual learning"). */
export const residual: LayerDefinition<typeof options> = {
  kind: 'residual',
  prefix: 'residual',
  options,
  branches: {
    join: 'add',
    lists: ({ layers, shortcut }) => [layers, shortcut],
    withLists: (_options, [layers = [], shortcut = []]) => ({ layers: [...layers], shortcut: [...shortcut] }),
  },
  outputShape(_options, _inputShape, [layers = [], shortcut = []]) {
    if (shapeText(layers) !== shapeText(shortcut)) {
      throw new Error(
        `expects layers that end with the shape of the way around, ${shapeText(shortcut)}, found ${shapeText(layers)}`,
      );
    }
    return layers;
  },
  parameters: () => [],
  forward(builder, _input, { branches: [layers, shortcut] }) {
    if (!layers || !shortcut) throw new Error('a residual layer needs both of its branches');
    return add(builder, layers, shortcut);
  },
};
