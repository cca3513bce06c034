// Where the time of a training step goes on a device, and what of the step runs on the CPU: the runtime's own profile.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { engineDevices, onnxEngine } from '@winning-tickets/train';
import { oneOf, optionsOf, share, wholeNumber } from '../options.mjs';
import { machine } from './machine.mjs';
import { beginning, jobOf } from './training.mjs';

const usage = `Usage: npm run profile:training -- [options]

Profiles training steps of a network on MNIST: operators by the provider that runs them, with their calls and time.
The times are the runtime's and, off the CPU, those of starting kernels rather than of their work.

  --device NAME    cpu, cuda or webgpu (default cpu)
  --network NAME   default lenet-300-100
  --members N      trainings side by side (default 1)
  --steps N        default 100
  --density SHARE  of the weights that the random masks keep (default 1)
  --json           print the result as JSON
  --help           print this`;

const { values } = optionsOf(usage, {
  device: { type: 'string', default: 'cpu' },
  network: { type: 'string', default: 'lenet-300-100' },
  members: { type: 'string', default: '1' },
  steps: { type: 'string', default: '100' },
  density: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});

const options = {
  ...values,
  device: oneOf('--device', values.device, engineDevices.onnx),
  members: wholeNumber('--members', values.members),
  steps: wholeNumber('--steps', values.steps),
  density: share('--density', values.density),
};

/** Sessions that are created from here on write a profile, one file each, when they are released. */
function profileSessions(prefix) {
  const create = InferenceSession.create;
  const sessions = [];
  InferenceSession.create = async (model, settings) => {
    const session = await create.call(InferenceSession, model, {
      ...settings,
      enableProfiling: true,
      profileFilePrefix: prefix,
    });
    sessions.push(session);
    return session;
  };
  return () => sessions.forEach((session) => session.endProfiling());
}

async function profile() {
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-profile-'));
  try {
    const job = await jobOf({ network: options.network, device: options.device, threads: 1 });
    // What is asked of the runtime once in a process is no part of a step.
    await (await onnxEngine.compile(job)).dispose();
    const end = profileSessions(join(folder, 'training'));
    const program = await onnxEngine.compile(job);
    const { steps } = options;
    const trainings = Array.from({ length: options.members }, (_, index) => {
      const { state, batches } = beginning(job, index + 1, options.density);
      return { state, plan: batches(0, steps) };
    });
    if (trainings.length === 1) await program.run(trainings[0].state, trainings[0].plan);
    else await program.runTogether(trainings);
    end();
    await program.dispose();
    const files = await readdir(folder);
    const events = await Promise.all(
      files.map(async (file) => JSON.parse(await readFile(join(folder, file)))),
    );
    return summarize(events.flat(), steps);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Kernels by provider and operator, with calls and microseconds of a step. */
function summarize(events, steps) {
  const rows = new Map();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !args?.provider || !name.endsWith('_kernel_time')) continue;
    // The loop's own time is that of all in it.
    if (args.op_name === 'Loop') continue;
    const key = `${args.provider} ${args.op_name}`;
    const row = rows.get(key) ?? {
      provider: args.provider,
      operator: args.op_name,
      callsPerStep: 0,
      microsPerStep: 0,
    };
    row.callsPerStep += 1 / steps;
    row.microsPerStep += dur / steps;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => b.microsPerStep - a.microsPerStep);
}

try {
  const rows = await profile();
  if (options.json) console.log(JSON.stringify({ ...options, machine: machine(options.device), rows }));
  else {
    for (const { provider, operator, callsPerStep, microsPerStep } of rows) {
      const cells = [callsPerStep.toFixed(2).padStart(8), microsPerStep.toFixed(1).padStart(10)];
      console.log(`${provider.padEnd(26)} ${operator.padEnd(24)}${cells.join('')}`);
    }
  }
} catch (error) {
  console.error(`profile:training: ${error.message}`);
  process.exitCode = 1;
}
process.exit();
