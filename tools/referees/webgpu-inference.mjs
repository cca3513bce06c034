// Runs exported models on the WebGPU provider beside the CPU: their logits must be the same, and operators must run where a
// benchmark says that they do. Says nothing about time: any Vulkan driver does, and where there is no GPU, that of Chromium
// computes on the CPU (VK_DRIVER_FILES names it).
//
//   node tools/referees/webgpu-inference.mjs MODEL SAMPLES ...
//
// SAMPLES are a model's inputs with the logits that the CPU provider gives. Prints a line of JSON per rule,
// `{rule, problem?}`.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { benchmark, createSession } from '@winning-tickets/bench';
import { decodeModel } from '@winning-tickets/onnx';
import * as ort from 'onnxruntime-node';

/** What has no WebGPU kernel for numbers of eight bits; all other operators must run there. */
const onCpu = { int8: ['QuantizeLinear', 'Gather'] };

/** What the runtime calls its providers. */
const providers = { WebGpuExecutionProvider: 'webgpu', CPUExecutionProvider: 'cpu' };

const folder = mkdtempSync(join(tmpdir(), 'winning-tickets-webgpu-'));
const encodingOf = (file) => decodeModel(readFileSync(file), file).metadata['tickets.encoding'];

/** @returns {Promise<{rule: string, problem?: string}>} on one model. */
async function judged(file, samples) {
  const encoding = encodingOf(file);
  const rule = `${basename(file)}: the logits of the CPU, on WebGPU`;
  const { inputs, logits, tolerance } = JSON.parse(readFileSync(samples, 'utf8'));
  try {
    const { outputs, placement } = await ran(file, inputs);
    return { rule, problem: differing(logits.values, outputs, tolerance) ?? strayed(placement, encoding) };
  } catch (error) {
    // Half precision is an option of WebGPU. Without it there must be an error and no numbers.
    const isRefused = encoding === 'fp16' && /requires f16 but the device does not support it/.test(error);
    return isRefused
      ? { rule: `${basename(file)}: refused by a device without half precision` }
      : { rule, problem: String(error) };
  }
}

/** Logits, and operators with their number by the provider that ran them, from the runtime's own profile. */
async function ran(file, inputs) {
  const place = mkdtempSync(join(folder, 'profile-'));
  const profiling = { enableProfiling: true, profileFilePrefix: join(place, 'profile') };
  const session = await createSession(file, { provider: 'webgpu', threads: 1 }, profiling);
  try {
    const { logits } = await session.run(feedsOf(inputs));
    session.endProfiling();
    const [profile] = readdirSync(place);
    return {
      outputs: logits.data,
      placement: placementIn(JSON.parse(readFileSync(join(place, profile), 'utf8'))),
    };
  } finally {
    await session.release();
  }
}

function feedsOf(inputs) {
  const typed = { int32: Int32Array, float32: Float32Array };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape, values }]) => [
      name,
      new ort.Tensor(dtype, typed[dtype].from(values), shape),
    ]),
  );
}

function placementIn(profile) {
  const placement = {};
  for (const { cat, args } of profile) {
    if (cat !== 'Node' || !args?.provider) continue;
    const operators = (placement[providers[args.provider] ?? args.provider] ??= {});
    operators[args.op_name] = (operators[args.op_name] ?? 0) + 1;
  }
  return placement;
}

function differing(expected, found, tolerance) {
  const largest = Math.max(...expected.map(Math.abs));
  const apart = Math.max(...expected.map((value, index) => Math.abs(value - found[index]))) / largest;
  return apart <= tolerance ? undefined : `logits differ by ${apart} of the largest, allowed is ${tolerance}`;
}

function strayed({ webgpu, ...others }, encoding) {
  if (webgpu === undefined) return 'nothing ran on WebGPU';
  const operators = Object.values(others).flatMap(Object.keys);
  const surprising = operators.filter((operator) => !onCpu[encoding]?.includes(operator));
  return surprising.length === 0 ? undefined : `not on WebGPU: ${surprising.join(', ')}`;
}

/** A benchmark's rows must say what the runtime does, and that of these times nothing follows for a GPU. */
async function benchProblem(pairs) {
  const { models, warnings } = await benchmark({
    files: pairs.map(({ file }) => file),
    ...{ provider: 'webgpu', batches: [2], seed: 1, repeats: 2, blockMillis: 1, warmupMillis: 1 },
    ...{ sessionCreations: 1, memoryProcesses: 1, roofline: false },
  });
  for (const { file, samples } of pairs) {
    const { inputs } = JSON.parse(readFileSync(samples, 'utf8'));
    const { placement } = await ran(file, inputs);
    const said = models.find((model) => model.file === file)?.placement;
    if (!isDeepStrictEqual(said, placement)) {
      return `${basename(file)}: the row says ${JSON.stringify(said)}, the runtime ${JSON.stringify(placement)}`;
    }
  }
  const isMarked = warnings.some((warning) => /these times say nothing of a GPU/.test(warning));
  return isMarked || 'VK_DRIVER_FILES' in process.env === false
    ? undefined
    : `no warning among: ${warnings.join(' ')}`;
}

const say = ({ rule, problem }) => console.log(JSON.stringify({ rule, ...(problem ? { problem } : {}) }));
const paths = process.argv.slice(2);
const pairs = paths.flatMap((file, index) => (index % 2 ? [] : [{ file, samples: paths[index + 1] }]));
try {
  for (const { file, samples } of pairs) say(await judged(file, samples));
  // The drawn network over bags of words: it has no test data that would have to go through.
  const drawn = pairs.filter(({ file }) => /reuters-ffnn-(compact|int8-of-compact)\.onnx$/.test(file));
  say({ rule: 'the rows of a benchmark say where operators ran', problem: await benchProblem(drawn) });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// The provider's own threads may outlive its sessions.
process.exit(0);
