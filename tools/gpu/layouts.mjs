// Which numbers of channels the WebGPU provider convolves right, with channels last (its default) and first. Sessions of this
// project keep channels first (`preferredLayout`), because of what this finds; run it again with each version of the runtime.
import { writeFileSync } from 'node:fs';
import { encodeModel, GraphBuilder, IR_VERSION, OPSET } from '@winning-tickets/onnx';
import { stream } from '@winning-tickets/train';
import * as ort from 'onnxruntime-node';
import { optionsOf } from '../options.mjs';

const usage = `Usage: node tools/gpu/layouts.mjs [options]

Convolves images of 1 to 16 channels on the WebGPU provider, with channels last and first, and says which come out wrong.

  --out FILE  also write what was found as JSON to FILE
  --help      print this`;

const { values } = optionsOf(usage, { out: { type: 'string' } });

const channels = [1, 3, 4, 6, 7, 8, 10, 14, 16];
const batch = 2;
const size = 12;
const kernel = 5;

/** A convolution of square images, in bytes. */
function convolution(from, to) {
  const builder = new GraphBuilder('convolution');
  const input = builder.input('input', 'float32', ['batch', from, size, size]);
  const weight = builder.constant({
    dtype: 'float32',
    shape: [to, from, kernel, kernel],
    data: drawn('weight', to * from * kernel ** 2),
  });
  const [output] = builder.add('Conv', [input, weight], {}, ['output']);
  builder.output(output);
  const producer = { name: 'winning-tickets', version: '' };
  return encodeModel({ graph: builder.build(), metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION });
}

function drawn(what, count) {
  const random = stream(1, what);
  return Float32Array.from({ length: count }, () => random.normal());
}

async function outputOf(bytes, from, provider) {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: [provider],
    logSeverityLevel: 3,
  });
  const data = drawn('input', batch * from * size ** 2);
  const { output } = await session.run({ input: new ort.Tensor('float32', data, [batch, from, size, size]) });
  await session.release();
  return output.data;
}

/** The largest difference to the CPU's output, as a share of its largest value. */
function apart(found, expected) {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0) / largest;
}

const rows = [];
for (const from of channels) {
  for (const to of channels) {
    const bytes = convolution(from, to);
    const expected = await outputOf(bytes, from, 'cpu');
    const on = async (preferredLayout) =>
      apart(await outputOf(bytes, from, { name: 'webgpu', preferredLayout }), expected);
    rows.push({ from, to, channelsLast: await on('NHWC'), channelsFirst: await on('NCHW') });
  }
}
const wrong = (layout) => rows.filter((row) => !(row[layout] < 1e-3)).map(({ from, to }) => `${from}>${to}`);
for (const layout of ['channelsLast', 'channelsFirst']) {
  const found = wrong(layout);
  console.log(
    `${layout}: ${found.length} of ${rows.length} wrong${found.length > 0 ? `: ${found.join(' ')}` : ''}`,
  );
}
if (values.out) writeFileSync(values.out, `${JSON.stringify({ runtime: ort.env.versions, rows })}\n`);
// The provider's own threads may outlive its sessions.
process.exit(0);
