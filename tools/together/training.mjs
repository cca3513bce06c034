// Trainings of a named network on MNIST, as the tools of this folder run them.
import { loadDataset } from '@winning-tickets/datasets';
import { namedNetwork, resolveNetwork } from '@winning-tickets/ticket';
import { batchSource, initialBuffers, initializeParameters, slotNames, stream } from '@winning-tickets/train';

/** What all trainings share. */
export async function jobOf({ network, device, threads }) {
  const dataset = await loadDataset({ id: 'mnist', validation: 5000, splitSeed: 0 });
  return {
    network: resolveNetwork(namedNetwork(network, [...dataset.inputShape], dataset.classNames.length)),
    optimizer: { kind: 'adam', rate: 0.0012, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batchSize: 60,
    inputScale: dataset.inputScale,
    train: dataset.train,
    validation: dataset.validation,
    test: dataset.test,
    threads,
    device,
  };
}

/** A training before its first step: a state with random masks of a density, and where its batches come from. */
export function beginning(job, seed, density) {
  const random = stream(seed, 'masks');
  const parameters = initializeParameters(job.network, seed);
  const masks = {};
  for (const { name, shape, prunable } of job.network.parameters) {
    if (!prunable) continue;
    const data = parameters[name].data.map(() => (random.uniform() < density ? 1 : 0));
    masks[name] = { dtype: 'float32', shape, data };
    const weights = parameters[name].data.map((weight, index) => weight * data[index]);
    parameters[name] = { dtype: 'float32', shape, data: weights };
  }
  const slots = slotNames(job.optimizer).flatMap((slot) =>
    job.network.parameters.map(({ name, shape }) => [
      `${slot}/${name}`,
      { dtype: 'float32', shape, data: new Float32Array(parameters[name].data.length) },
    ]),
  );
  const [samples] = job.train.labels.shape;
  return {
    state: {
      step: 0,
      parameters,
      masks,
      slots: Object.fromEntries(slots),
      buffers: initialBuffers(job.network),
    },
    batches: batchSource({ seed, samples, batchSize: job.batchSize, rate: job.optimizer.rate }),
  };
}
