import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Tensors, zeros } from '@winning-tickets/onnx';
import {
  type Ticket,
  encodeTicket,
  fullMask,
  namedNetwork,
  resolveNetwork,
  ticketFileName,
} from '@winning-tickets/ticket';
import { type Experiment, resolveExperiment } from '../../src/experiment.js';
import type { Stage } from '../../src/lottery/stages.js';
import type { StageManifest, StageResult } from '../../src/store/stage.js';

/** A data set's identity, made up. */
export const dataset = { id: 'mnist', checksum: 'd'.repeat(64) };

/** A small experiment: two trials of levels 0 to 2 with one control at level 2, eight stages. */
export function experimentOf(changes: Partial<Experiment> = {}): Experiment {
  return resolveExperiment({
    name: 'small',
    dataset: { id: 'mnist' },
    network: 'lenet-300-100',
    optimizer: { kind: 'adam', rate: 0.0012 },
    batchSize: 60,
    iterations: 100,
    evaluateEvery: 10,
    pruning: { rate: 0.2, levels: 2 },
    branches: [{ kind: 'random-reinit', levels: [2] }],
    trials: 2,
    seed: 1,
    ...changes,
  });
}

const network = resolveNetwork(namedNetwork('lenet-300-100', [2, 2], 3));
const parameters: Tensors = Object.fromEntries(
  network.parameters.map(({ name, shape }) => [name, zeros('float32', shape)]),
);
const measurement = {
  iteration: 100,
  validationLoss: 0.5,
  validationAccuracy: 0.9,
  testLoss: 0.5,
  testAccuracy: 0.9,
};
const metrics = { best: measurement, end: measurement };

/** What a stage would leave, with a true ticket. Another `seed` gives another ticket. */
export function resultOf(stage: Stage, seed = 1): StageResult {
  const { bytes, hash } = encodeTicket(ticketOf(stage, seed));
  const manifest: StageManifest = {
    schema: 1,
    ...stage,
    seed,
    ticket: ticketFileName(hash),
    ticketHash: hash,
    density: 1,
    layerDensities: { fc1: 1, fc2: 1, fc3: 1 },
    survivors: 31_500,
    total: 31_500,
    metrics,
    iterations: 100,
    seconds: 1.5,
    stepMicros: 870.5,
    finishedAt: '2026-01-02T03:04:05.678Z',
  };
  return {
    ticketBytes: bytes,
    ticketFileName: manifest.ticket,
    history: {
      schema: 1,
      evaluations: [{ iteration: 100, validationLoss: 0.5, validationAccuracy: 0.9, trainingLoss: seed }],
    },
    manifest,
  };
}

function ticketOf({ trial, branch, level }: Stage, seed: number): Ticket {
  return {
    metadata: {
      format: 'winning-tickets/1',
      network: network.spec,
      dataset: {
        ...dataset,
        classNames: ['a', 'b', 'c'],
        inputShape: [2, 2],
        inputScale: 1,
        split: { seed: 0, train: 1, validation: 1, test: 1 },
      },
      experiment: {},
      trial,
      branch,
      level,
      seed,
      density: 1,
      metrics,
      software: {},
    },
    initial: parameters,
    masks: Object.fromEntries(
      network.parameters.filter(({ prunable }) => prunable).map(({ name, shape }) => [name, fullMask(shape)]),
    ),
    trained: parameters,
    best: parameters,
  };
}

/** Runs a test in a new folder, which is deleted afterwards. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'run-store-'));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
