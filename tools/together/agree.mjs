// Whether a device trains as the CPU does: the same trainings on both, from the same seeds, step by step.
import { engineDevices, onnxEngine } from '@winning-tickets/train';
import { decimal, oneOf, optionsOf, share, wholeNumber, wholeNumbers } from '../options.mjs';
import { machine } from './machine.mjs';
import { beginning, jobOf } from './training.mjs';

const usage = `Usage: npm run compare:devices -- [options]

Trains a network on MNIST on the CPU and on another device, from the same seeds, alone and several together, and says
how far losses and weights come apart. Exit status 1 where more than half of the trainings do by more than the tolerance:
some do by chance, see docs/engines.md.

  --device NAME     cuda or webgpu (default cuda)
  --network NAME    default lenet-300-100
  --members LIST    trainings side by side on the device, comma-separated (default 1,8)
  --steps N         default 200
  --density SHARE   of the weights that the random masks keep, above 0 and up to 1 (default 0.5)
  --tolerance SIZE  largest relative difference of a loss (default 1e-4)
  --json            print the result as JSON
  --help            print this

On NVIDIA GPUs since Ampere the runtime multiplies in TF32, with 10 bits of mantissa, and has no option against it from
Node.js; the environment variable NVIDIA_TF32_OVERRIDE=0 turns it off for a process. With TF32 losses differ by some 1e-2.`;

const { values } = optionsOf(usage, {
  device: { type: 'string', default: 'cuda' },
  network: { type: 'string', default: 'lenet-300-100' },
  members: { type: 'string', default: '1,8' },
  steps: { type: 'string', default: '200' },
  density: { type: 'string', default: '0.5' },
  tolerance: { type: 'string', default: '1e-4' },
  json: { type: 'boolean', default: false },
});

const options = {
  ...values,
  device: oneOf(
    '--device',
    values.device,
    engineDevices.onnx.filter((device) => device !== 'cpu'),
  ),
  members: wholeNumbers('--members', values.members),
  steps: wholeNumber('--steps', values.steps),
  density: share('--density', values.density),
  tolerance: decimal('--tolerance', values.tolerance),
};

async function compare() {
  const { members: counts, steps } = options;
  const started = await Promise.all(
    ['cpu', options.device].map(async (device) => {
      const job = await jobOf({ network: options.network, device, threads: 1 });
      return { job, program: await onnxEngine.compile(job) };
    }),
  );
  const [cpu, other] = started;
  const trainings = Array.from({ length: Math.max(...counts) }, (_, index) => {
    const { state, batches } = beginning(cpu.job, index + 1, options.density);
    return { state, plan: batches(0, steps) };
  });
  const expected = [];
  for (const { state, plan } of trainings) expected.push(await cpu.program.run(state, plan));
  const rows = [];
  for (const members of counts) {
    const own = trainings.slice(0, members);
    const found =
      members === 1
        ? [await other.program.run(own[0].state, own[0].plan)]
        : await other.program.runTogether(own);
    rows.push({
      members,
      // Of each training: how far its losses and weights came apart, and the first step at which a loss did.
      trainings: found.map(({ state, losses }, index) => ({
        lossDifference: apart(expected[index].losses, losses, true),
        weightDifference: weightsApart(expected[index].state, state),
        apartFrom: firstApart(expected[index].losses, losses),
      })),
    });
  }
  for (const { program } of started) await program.dispose();
  return rows;
}

/** The first step whose losses differ by more than the tolerance; null when none do. */
function firstApart(expected, found) {
  const step = expected.findIndex(
    (loss, index) => !(Math.abs(loss - found[index]) / loss <= options.tolerance),
  );
  return step < 0 ? null : step;
}

function weightsApart(expected, found) {
  return Math.max(
    ...Object.entries(expected.parameters).map(([name, { data }]) =>
      apart(data, found.parameters[name].data, false),
    ),
  );
}

function apart(expected, found, relative) {
  let most = 0;
  expected.forEach((number, index) => {
    const difference = Math.abs(number - found[index]) / (relative ? Math.abs(number) : 1);
    most = Math.max(most, Number.isNaN(difference) ? Infinity : difference);
  });
  return most;
}

try {
  const rows = await compare();
  const { network, steps, density } = options;
  if (options.json) {
    console.log(JSON.stringify({ network, steps, density, machine: machine(options.device), rows })); // prettier-ignore
  } else {
    console.log(`${network}, ${steps} steps, cpu against ${options.device}\n`);
    console.log('trainings   losses, relative   weights, absolute   apart from step');
    for (const { members, trainings } of rows) {
      for (const { lossDifference, weightDifference, apartFrom } of trainings) {
        const cells = [String(members), lossDifference.toExponential(1), weightDifference.toExponential(1), String(apartFrom ?? '–')]; // prettier-ignore
        console.log(cells.map((cell, index) => cell.padStart([9, 19, 20, 18][index])).join(''));
      }
    }
  }
  const all = rows.flatMap(({ trainings }) => trainings);
  const agreeing = all.filter(({ apartFrom }) => apartFrom === null).length;
  if (2 * agreeing < all.length) process.exitCode = 1;
} catch (error) {
  console.error(`compare:devices: ${error.message}`);
  process.exitCode = 1;
}
// A device's own threads may outlive its sessions.
process.exit();
