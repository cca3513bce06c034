import { execFile } from 'node:child_process';
import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadDataset } from '@winning-tickets/datasets';
import { allEngines } from '@winning-tickets/train';
import { codeOf, messageOf } from './failures.js';
import { bytesText, counted, whole } from './render/format.js';

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** `absent` is what the program can do without, `broken` what it cannot. */
  readonly status: 'works' | 'absent' | 'broken';
  /** One sentence. */
  readonly detail: string;
}

/** Providers of ONNX Runtime that a machine may have. */
const providers = ['cpu', 'cuda', 'webgpu'] as const;

/** What a provider asks of a machine. */
const needs: Readonly<Record<(typeof providers)[number], string>> = {
  cpu: 'reinstall the packages (npm ci)',
  cuda: 'needs an NVIDIA GPU with its driver, CUDA 13 and cuDNN 9',
  webgpu: 'needs a GPU with a driver for Vulkan, Metal or Direct3D 12',
};

/** A provider that takes longer does not work. */
const PROBE_MILLIS = 60_000;

/** Looks at all that the program needs, and at what it could use. */
export async function diagnose(runs: string): Promise<Finding[]> {
  const findings: Finding[] = [nodeVersion()];
  for (const provider of providers) findings.push(await probe(provider));
  findings.push(...(await engines()), await data(), machine(), await disk(runs));
  return findings;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'Node.js',
    status: enough ? 'works' : 'broken',
    detail: `${process.versions.node}${enough ? '' : ', needed is 20.19 or later'}`,
  };
}

/** In a process of its own: a provider whose driver is missing may take its process down. */
async function probe(provider: (typeof providers)[number]): Promise<Finding> {
  const name = `ONNX Runtime, ${provider}`;
  const program = fileURLToPath(new URL('./probe-provider.js', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, provider], {
      timeout: PROBE_MILLIS,
    });
    return { name, status: 'works', detail: stdout.trim() };
  } catch (error) {
    const detail = `${reasonOf(error).replace(/\.$/, '')}; ${needs[provider]}`;
    return { name, status: provider === 'cpu' ? 'broken' : 'absent', detail };
  }
}

/** What the probe wrote last, else how it ended. */
function reasonOf(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = output.split('\n').filter((line) => line.startsWith('reason: '));
  return (
    lines.at(-1)?.slice('reason: '.length) ??
    `the attempt failed (${messageOf(error).split('\n', 1)[0] ?? ''})`
  );
}

async function engines(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const engine of allEngines()) {
    for (const { device, available, detail } of await engine.devices()) {
      findings.push({
        name: `engine ${engine.name}, ${device}`,
        status: available ? 'works' : 'absent',
        detail,
      });
    }
  }
  return findings;
}

async function data(): Promise<Finding> {
  try {
    const { checksum, ...sides } = await loadDataset({ id: 'mnist', validation: 5_000, splitSeed: 0 });
    const [train = 0, validation = 0, test = 0] = [sides.train, sides.validation, sides.test].map(
      ({ labels }) => labels.shape[0] ?? 0,
    );
    const samples = `${whole(train + validation)} + ${whole(test)} samples`;
    return {
      name: 'MNIST',
      status: 'works',
      detail: `${samples}, checksum ${checksum.slice(0, 12)} verified`,
    };
  } catch (error) {
    return { name: 'MNIST', status: 'broken', detail: messageOf(error) };
  }
}

function machine(): Finding {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${bytesText(totalmem())} of memory, ${bytesText(freemem())} free`;
  return {
    name: 'machine',
    status: 'works',
    detail: `${model}, ${counted(availableParallelism(), 'core')}; ${memory}`,
  };
}

async function disk(runs: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await fileSystemOf(resolve(runs));
    return { name: 'disk', status: 'works', detail: `${bytesText(bavail * bsize)} free for ${runs}` };
  } catch (error) {
    return { name: 'disk', status: 'broken', detail: `${runs}: ${messageOf(error)}` };
  }
}

/** Of a folder that need not exist yet. */
async function fileSystemOf(path: string): Promise<StatsFs> {
  try {
    return await statfs(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return await fileSystemOf(dirname(path));
  }
}
