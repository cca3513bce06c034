import { readModelFiles } from './model-file.js';
import { firstLine } from './session.js';
import { findTestSamples } from './test-data.js';
import { timeModels } from './timing.js';
import type { TimingReply, TimingTask } from './timing-protocol.js';

// A process of its own: where memory happens to lie differs from process to process, and can make a model faster or
// slower for as long as the process lives.

async function time({ files, baseline, floor, settings, batches, dataDirectory }: TimingTask) {
  const read = await readModelFiles([...files, floor]);
  const models = read.slice(0, files.length);
  const [floorFile] = read.slice(files.length);
  const baselineFile = models.find(({ file }) => file === baseline);
  if (!floorFile || !baselineFile)
    throw new Error('the process that times models was started without its files');
  const found = await findTestSamples(models, dataDirectory);
  return await timeModels({ models, baseline: baselineFile, floor: floorFile, found, batches }, settings, {
    onProgress: (progress) => {
      send({ progress });
    },
  });
}

function send(reply: TimingReply): void {
  process.send?.(reply);
}

// The parent hangs up when it has the answer, or when it dies.
process.on('disconnect', () => process.exit());
const task = JSON.parse(process.argv[2] ?? 'null') as TimingTask;
try {
  send({ timed: await time(task) });
} catch (error) {
  send({ error: firstLine(error) });
}
