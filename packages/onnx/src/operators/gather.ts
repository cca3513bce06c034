import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { int64, tensor } from '../tensor.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { mul } from './mul.js';
import type { Operator } from './operator.js';
import { reshape, reshapeLike } from './reshape.js';
import { scatterElements } from './scatter-elements.js';
import { shape } from './shape.js';
import { expandTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import { expectDType, intAttribute, normalAxis, only, productOf, required } from './shared/shapes.js';
import { where } from './where.js';
import { transpose } from './transpose.js';

/** Picks slices of `data` along `axis` by int32 or int64 `indices`; the shape of the indices replaces that axis. */
export function gather(builder: GraphBuilder, data: Value, indices: Value, axis = 0): Value {
  return only(builder.add('Gather', [data, indices], { axis: { int: axis } }));
}

export const gatherOperator: Operator = {
  op: 'Gather',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const data = required(context, 0);
    const indices = required(context, 1);
    expectDType('Gather', indices, 'int32', 'int64');
    const axis = normalAxis('Gather', intAttribute(context.attributes, 'axis', 0), data.shape.length);
    return [{ dtype: data.dtype, shape: data.shape.toSpliced(axis, 1, ...indices.shape) }];
  },
  gradient: ({ builder, node, inputs: [data, indices], gradients: [g] }) => {
    if (!g || !data || !indices) return [undefined];
    const axis = normalAxis('Gather', intAttribute(node.attributes, 'axis', 0), data.shape.length);
    const rowSize = productOf(data.shape.slice(1));
    return [
      axis === 0 && typeof rowSize === 'number'
        ? sumOfRows(builder, data, indices, g, rowSize)
        : sumOfSlices(builder, data, indices, g, axis),
    ];
  },
  stack: ({ builder, node, members, inputs: [data, indices] }) => {
    if (!data || !indices) return [];
    const axis = normalAxis('Gather', intAttribute(node.attributes, 'axis', 0), data.rank);
    if (!indices.stacked) return [gather(builder, data.value, indices.value, axis + 1)];
    if (!data.stacked) return [stackToFront(builder, gather(builder, data.value, indices.value, axis), axis)];
    return [ownRows(builder, data.value, indices.value, axis, members)];
  },
};

/**
 * The gradients of rows added up where the rows were picked. On vectors of single elements, because the runtime scatters
 * along one axis in 60 % of the time that it takes with several.
 */
function sumOfRows(builder: GraphBuilder, data: Value, indices: Value, g: Value, rowSize: number): Value {
  // An index from the end stays one: it turns into a place before the first element, by as many rows.
  const rows = reshape(builder, cast(builder, indices, 'int64'), [...indices.shape, 1]);
  const columns = builder.constant(int64(Array.from({ length: rowSize }, (_, column) => column)));
  const places = add(builder, mul(builder, rows, builder.constant(int64([rowSize], []))), columns);
  const zeros = expandTo(builder, constantLike(builder, data, 0), data);
  const sum = scatterElements(
    builder,
    asVector(builder, zeros),
    asVector(builder, places),
    asVector(builder, g),
    0,
    'add',
  );
  return reshapeLike(builder, sum, data);
}

function asVector(builder: GraphBuilder, x: Value): Value {
  const target = builder.constant(int64([-1]));
  return only(builder.add('Reshape', [x, target], {}, [], [{ dtype: x.dtype, shape: [productOf(x.shape)] }]));
}

/** The gradients of slices along any axis added up where the slices were picked. */
function sumOfSlices(builder: GraphBuilder, data: Value, indices: Value, g: Value, axis: number): Value {
  const count = productOf(indices.shape);
  const picked = mergedAxes(builder, data, g, axis, data.shape.with(axis, count));
  const aside = data.shape.map((_, index) => (index === axis ? -1 : 1));
  const places = only(
    builder.add(
      'Reshape',
      [indices, builder.constant(int64(aside))],
      {},
      [],
      [{ dtype: indices.dtype, shape: data.shape.map((_, index) => (index === axis ? count : 1)) }],
    ),
  );
  const zeros = expandTo(builder, constantLike(builder, data, 0), data);
  return scatterElements(builder, zeros, expandTo(builder, places, picked), picked, axis, 'add');
}

/** The gradient with one axis in place of those of the indices, so that it has the rank of the data. */
function mergedAxes(
  builder: GraphBuilder,
  data: Value,
  g: Value,
  axis: number,
  merged: Value['shape'],
): Value {
  if (g.shape.length === merged.length) return g;
  const sizes = data.shape.with(axis, -1);
  const known = sizes.filter((size) => typeof size === 'number');
  const open = tensor(
    'bool',
    [sizes.length],
    Uint8Array.from(sizes, (_, index) => (index === axis ? 1 : 0)),
  );
  const target =
    known.length === sizes.length
      ? builder.constant(int64(known))
      : where(builder, builder.constant(open), builder.constant(int64([-1], [])), shape(builder, data));
  return only(builder.add('Reshape', [g, target], {}, [], [{ dtype: g.dtype, shape: merged }]));
}

/** What was gathered along an axis by stacked indices, with the axis of the stack before the others. */
function stackToFront(builder: GraphBuilder, gathered: Value, axis: number): Value {
  if (axis === 0) return gathered;
  const others = gathered.shape.map((_, index) => index).filter((index) => index !== axis);
  return transpose(builder, gathered, [axis, ...others]);
}

/** Every member's rows by its own indices: the rows of all members lie below each other. */
function ownRows(builder: GraphBuilder, data: Value, indices: Value, axis: number, members: number): Value {
  const [, rows, ...sizes] = data.shape;
  if (axis !== 0 || typeof rows !== 'number') {
    throw new Error(
      `Gather: '${data.name}' ${shapeText(data.shape)} stacks along its first axis alone, of known size`,
    );
  }
  const starts = Array.from({ length: members }, (_, member) => member * rows);
  const column = [members, ...indices.shape.slice(1).map(() => 1)];
  const first = reshape(builder, builder.constant(int64(starts)), column);
  const places = add(builder, cast(builder, indices, 'int64'), first);
  return gather(builder, reshape(builder, data, [members * rows, ...sizes]), places);
}
