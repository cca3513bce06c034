import type { SparseInputs } from '@winning-tickets/datasets';
import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { arrayTypes, sizeOf, tensor } from '@winning-tickets/onnx';
import { tensorsOf, usedPart } from '@winning-tickets/ticket';
import type { Samples, TrainingJob, TrainState } from '../engine.js';

/** The training of a network's used part (see `usedPart`), as a job of its own. */
export interface TrainedPart {
  readonly job: TrainingJob;
  readonly masks: Tensors;
  /** The part's state in a state of the whole network. */
  take(whole: TrainState): TrainState;
  /** The state of the whole network after the part's: what the part lacks is as it was. */
  put(part: TrainState, before: TrainState): TrainState;
}

/**
 * The part of a job's network that training reaches, as a function of the masks. Which inputs the samples use, and the last
 * pick of them, is kept from mask to mask.
 */
export function trainedParts(job: TrainingJob): (masks: Tensors) => TrainedPart | undefined {
  const inputIsUsed = usedInputs(job.train);
  const pick = inputPicker(job.train);
  return (masks) => trainedPart(job, masks, inputIsUsed, pick);
}

/**
 * The part of a job's network that training under these masks reaches.
 *
 * Exact for every optimizer here: without a gradient nothing moves, and slots stay at zero. Weight decay moves weights
 * without one, so with it the whole network trains.
 *
 * @param inputIsUsed for each input element whether any training sample has it other than zero.
 * @param pick of the job's training samples.
 * @returns undefined where the part is the whole, the job is not to be made `compact`, or weights decay.
 */
export function trainedPart(
  job: TrainingJob,
  masks: Tensors,
  inputIsUsed: readonly boolean[],
  pick: InputPicker = inputPicker(job.train),
): TrainedPart | undefined {
  if (job.compact === false || job.optimizer.weightDecay !== undefined) return undefined;
  const part = usedPart(job.network, masks, inputIsUsed);
  if (!part) return undefined;
  const shapes = new Map(tensorsOf(part.network).map(({ name, shape }) => [name, shape]));
  const runs = new Map(Object.entries(part.positions).map(([name, positions]) => [name, runsOf(positions)]));
  // Slots are named `<slot>/<parameter>`.
  const parameterOf = (key: string) => key.slice(key.indexOf('/') + 1);
  const takeAll = (whole: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(whole).map(([key, values]) => {
        const shape = known(shapes, parameterOf(key));
        return [key, taken(values, known(runs, parameterOf(key)), shape)];
      }),
    );
  const putAll = (values: Tensors, before: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        replaced(before[key] ?? value, value, known(runs, parameterOf(key))),
      ]),
    );
  const partMasks = takeAll(masks);
  return {
    job: {
      ...job,
      network: part.network,
      train: pick(part.inputs, part.network.inputShape),
    },
    masks: partMasks,
    take: (whole) => ({
      ...whole,
      parameters: takeAll(whole.parameters),
      slots: takeAll(whole.slots),
      buffers: takeAll(whole.buffers),
      masks: partMasks,
    }),
    put: (state, before) => ({
      ...state,
      parameters: putAll(state.parameters, before.parameters),
      slots: putAll(state.slots, before.slots),
      buffers: putAll(state.buffers, before.buffers),
      masks: before.masks,
    }),
  };
}

/** For each input element, flattened row-major, whether any sample has it other than zero. */
export function usedInputs({ inputs, labels }: Samples): boolean[] {
  if ('offsets' in inputs) {
    const used = new Array<boolean>(inputs.shape[1]).fill(false);
    for (const column of inputs.indices) used[column] = true;
    return used;
  }
  const width = inputs.data.length / (labels.shape[0] ?? 0);
  const used = new Array<boolean>(width).fill(false);
  for (let index = 0; index < inputs.data.length; index++) {
    if (inputs.data[index] !== 0) used[index % width] = true;
  }
  return used;
}

/** The samples with some of their input elements alone, in the shape that the part takes them in. */
type InputPicker = (picked: readonly number[], shape: readonly number[]) => Samples;

/** Picks inputs out of samples. Level after level asks for the same ones: the last pick is kept. */
function inputPicker({ inputs, labels }: Samples): InputPicker {
  let last: { readonly picked: readonly number[]; readonly inputs: Samples['inputs'] } | undefined;
  return (picked, shape) => {
    const same = last?.picked.length === picked.length && picked.every((one, i) => one === last?.picked[i]);
    if (!last || !same) last = { picked, inputs: pickedInputs(inputs, picked) };
    const [count = 0] = inputs.shape;
    return { inputs: { ...last.inputs, shape: [count, ...shape] } as Samples['inputs'], labels };
  };
}

function pickedInputs(inputs: Samples['inputs'], picked: readonly number[]): Samples['inputs'] {
  const [count = 0, ...sizes] = inputs.shape;
  const width = sizeOf(sizes);
  if (picked.length === width) return inputs;
  if ('offsets' in inputs) return sparseColumns(inputs, picked);
  return { ...inputs, data: columnsOf(inputs, count, width, picked) } as Samples['inputs'];
}

function sparseColumns(inputs: SparseInputs, picked: readonly number[]): SparseInputs {
  const [count, width] = inputs.shape;
  const places = new Int32Array(width).fill(-1);
  picked.forEach((column, place) => {
    places[column] = place;
  });
  const offsets = new Int32Array(count + 1);
  const indices = new Int32Array(inputs.indices.length);
  const values = new Float32Array(inputs.values.length);
  let length = 0;
  for (let row = 0; row < count; row++) {
    for (let at = inputs.offsets[row] ?? 0; at < (inputs.offsets[row + 1] ?? 0); at++) {
      const place = places[inputs.indices[at] ?? 0] ?? -1;
      if (place < 0) continue;
      indices[length] = place;
      values[length++] = inputs.values[at] ?? 0;
    }
    offsets[row + 1] = length;
  }
  return {
    ...inputs,
    shape: [count, picked.length],
    offsets,
    indices: indices.slice(0, length),
    values: values.slice(0, length),
  };
}

// Once per training over the whole data set, so run by run: half the time of column by column.
function columnsOf(
  { dtype, data: from }: Exclude<Samples['inputs'], SparseInputs>,
  count: number,
  width: number,
  picked: readonly number[],
) {
  const to = new arrayTypes[dtype](count * picked.length);
  const runs = runsOf(Int32Array.from(picked));
  for (let sample = 0; sample < count; sample++) {
    for (const { inWhole, inPart, length } of runs) {
      const start = sample * width + inWhole;
      const place = sample * picked.length + inPart;
      for (let index = 0; index < length; index++) to[place + index] = from[start + index] ?? 0;
    }
  }
  return to;
}

/** A shorter run is copied element by element: that takes less than a call of the array's own copy. */
const WORTH_A_CALL = 32;

/** A stretch of elements that lie side by side in the whole and in the part. */
interface Run {
  readonly inWhole: number;
  readonly inPart: number;
  readonly length: number;
}

function runsOf(positions: Int32Array): Run[] {
  const runs: Run[] = [];
  for (let start = 0, end = 0; start < positions.length; start = end) {
    const inWhole = positions[start] ?? 0;
    while (end < positions.length && positions[end] === inWhole + end - start) end++;
    runs.push({ inWhole, inPart: start, length: end - start });
  }
  return runs;
}

function taken(whole: Tensor, runs: readonly Run[], shape: readonly number[]): Tensor<'float32'> {
  const from = whole.data as Float32Array;
  const to = new Float32Array(sizeOf(shape));
  for (const { inWhole, inPart, length } of runs) copy(from, inWhole, to, inPart, length);
  return tensor('float32', shape, to);
}

function replaced(whole: Tensor, part: Tensor, runs: readonly Run[]): Tensor<'float32'> {
  const from = part.data as Float32Array;
  const to = Float32Array.from(whole.data as Float32Array);
  for (const { inWhole, inPart, length } of runs) copy(from, inPart, to, inWhole, length);
  return tensor('float32', whole.shape, to);
}

function copy(from: Float32Array, start: number, to: Float32Array, place: number, length: number): void {
  if (length >= WORTH_A_CALL) to.set(from.subarray(start, start + length), place);
  else for (let index = 0; index < length; index++) to[place + index] = from[start + index] ?? 0;
}

function known<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name);
  if (value === undefined) throw new Error(`the part of the network lacks '${name}'`);
  return value;
}
