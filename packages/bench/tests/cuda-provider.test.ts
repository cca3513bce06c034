import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cudaAdvice, missingCudaLibraries, onnxRuntimeFolder } from '../src/cuda-provider.js';

describe("what ONNX Runtime's CUDA provider needs", () => {
  it('is looked for where the runtime itself lies', () => {
    expect(existsSync(join(onnxRuntimeFolder(), 'onnxruntime_binding.node'))).toBe(true);
  });

  it.runIf(process.platform === 'linux')('agrees with the system loader about what is there', () => {
    // Needs no GPU: the cache of the loader is asked for what it knows, whichever that is here.
    const known = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout;
    const missing = missingCudaLibraries().map(({ file }) => file);
    for (const file of missing) expect(known).not.toContain(`${file} (libc6,x86-64)`);
    if (!process.env['LD_LIBRARY_PATH'] && !known.includes('libcublas.so.13'))
      expect(missing).toContain('libcublas.so.13');
  });

  it('is said with where each library comes from, and nothing when nothing is missing', () => {
    expect(cudaAdvice([])).toEqual([]);
    const advice = cudaAdvice([
      { file: 'libcuda.so.1', source: 'driver', needed: 'load' },
      { file: 'libcublas.so.13', source: 'nvidia-cublas', needed: 'load' },
      { file: 'libcublasLt.so.13', source: 'nvidia-cublas', needed: 'load' },
    ]);
    expect(advice).toHaveLength(4);
    expect(advice[0]).toMatch(/libcuda\.so\.1: .*driver/);
    expect(advice[1]).toMatch(/libcublas\.so\.13: .*nvidia-cublas/);
    expect(advice[3]).toMatch(/pip install nvidia-cublas,.*LD_LIBRARY_PATH/);
  });
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('npm run setup:cuda', () => {
  const script = fileURLToPath(new URL('../../../tools/cuda/setup.mjs', import.meta.url));
  const setUp = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

  it('refuses what is not the wheel in one sentence and leaves nothing behind', async (context) => {
    const before = readdirSync(onnxRuntimeFolder());
    if (before.includes('libonnxruntime_providers_cuda.so')) context.skip('the provider is installed here');
    const folder = await mkdtemp(join(tmpdir(), 'cuda-'));
    try {
      const wheel = join(folder, 'some.whl');
      const absent = setUp('--wheel', wheel);
      await writeFile(wheel, 'no archive');
      const broken = setUp('--wheel', wheel);
      for (const { status, stderr } of [absent, broken]) {
        expect(status).toBe(1);
        expect(stderr).toContain(wheel);
        expect(stderr).not.toMatch(/Traceback|^\s+at /m);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    expect(readdirSync(onnxRuntimeFolder())).toEqual(before);
  });
});
