import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeModel } from '@winning-tickets/onnx';
import { Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { floorModel } from '../src/floor-model.js';
import { placementOf, strayed } from '../src/placement.js';
import { parseProfile, profileCall } from '../src/profile.js';

const node = (name: string, operator: string, provider: string) => ({
  cat: 'Node',
  name,
  args: { op_name: operator, provider },
});

it('reads from the profile of a real call where its operators ran', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'placement-'));
  try {
    const file = join(folder, 'floor.onnx');
    await writeFile(file, encodeModel(floorModel()));
    const feeds = { input: new Tensor('float32', Float32Array.of(1), [1, 1]) };
    const setup = { provider: 'cpu', threads: 1 } as const;
    const nodes = await profileCall(file, setup, feeds);
    expect(placementOf(nodes)).toEqual({ cpu: { Identity: 1 } });
    expect(nodes).toMatchObject([{ inputs: [[1, 1]], outputs: [[1, 1]], bytes: 8 }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('counts a node once, however often it ran, and passes over other events', () => {
  const nodes = parseProfile([
    { cat: 'Session', name: 'model_loading', args: {} },
    node('loop', 'Loop', 'CPUExecutionProvider'),
    node('a', 'Gemm', 'CUDAExecutionProvider'),
    node('a', 'Gemm', 'CUDAExecutionProvider'),
    node('b', 'Gemm', 'CUDAExecutionProvider'),
    node('c', 'Relu', 'WebGpuExecutionProvider'),
    { cat: 'Node', name: 'a_fence_before', args: { op_name: 'Gemm' } },
  ]);
  expect(placementOf(nodes)).toEqual({ cpu: { Loop: 1 }, cuda: { Gemm: 2 }, webgpu: { Relu: 1 } });
});

it('names what ran elsewhere, and a row on which nothing ran where it was asked to', () => {
  expect(strayed({ cuda: { Gemm: 2 } }, 'cuda')).toBeUndefined();
  expect(strayed({ cuda: { Gemm: 2 }, cpu: { Gather: 1, Cast: 2 } }, 'cuda')).toMatch(
    /^Not all .* on cpu Gather, 2 Cast/,
  );
  expect(strayed({ cpu: { Gemm: 1 } }, 'cuda')).toMatch(/^Nothing of this model ran on cuda/);
});
