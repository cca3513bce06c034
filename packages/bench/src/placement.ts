import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Feeds } from './inputs.js';
import type { BenchProvider, Placement } from './result.js';
import type { SessionSetup } from './session.js';
import { createSession, runFailure } from './session.js';

/** What the runtime calls its providers in a profile. */
const profileNames: Readonly<Record<BenchProvider, string>> = {
  cpu: 'CPUExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
};

/** An event of a node in the runtime's profile; it has others, of other shapes. */
const nodeEvent = z.object({
  cat: z.literal('Node'),
  name: z.string(),
  args: z.object({ op_name: z.string(), provider: z.string().min(1) }),
});

/**
 * Which provider runs each operator of a model, as the runtime's profile of one call tells.
 *
 * A session that is asked for a provider gives it what it has kernels for and what is worth the copies, and runs the rest
 * on the CPU without a word. Only the profile says so.
 *
 * @throws Error in one sentence when the runtime cannot load or run the model.
 */
export async function placementOf(file: string, setup: SessionSetup, feeds: Feeds): Promise<Placement> {
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-profile-'));
  try {
    const session = await createSession(file, setup, {
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    });
    try {
      await session.run(feeds);
      session.endProfiling();
    } catch (cause) {
      throw runFailure(file, Object.values(feeds)[0]?.dims ?? [], cause);
    } finally {
      await session.release();
    }
    const [profile] = await readdir(folder);
    if (profile === undefined) throw new Error(`${file}: ONNX Runtime wrote no profile of this model.`);
    return parsePlacement(JSON.parse(await readFile(join(folder, profile), 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Operators by provider, from the runtime's profile: a list of events. */
export function parsePlacement(profile: unknown): Placement {
  const providers = new Map(Object.entries(profileNames).map(([provider, name]) => [name, provider]));
  const nodes = new Set<string>();
  const placement: Record<string, Record<string, number>> = {};
  for (const entry of z.array(z.unknown()).parse(profile)) {
    const event = nodeEvent.safeParse(entry);
    // Some versions have more events of a node than the one of its kernel; a node in a loop has one a turn.
    if (!event.success || nodes.has(event.data.name)) continue;
    nodes.add(event.data.name);
    const { op_name: operator, provider: name } = event.data.args;
    const operators = (placement[providers.get(name) ?? name] ??= {});
    operators[operator] = (operators[operator] ?? 0) + 1;
  }
  return placement;
}

/** In one sentence what of a model did not run where it was asked to; undefined when all of it did. */
export function strayed(placement: Placement, provider: BenchProvider): string | undefined {
  const others = Object.entries(placement).filter(([name]) => name !== provider);
  if (others.length === 0) return undefined;
  const listed = others.map(
    ([name, operators]) =>
      `on ${name} ${Object.entries(operators)
        .map(([operator, count]) => (count === 1 ? operator : `${count} ${operator}`))
        .join(', ')}`,
  );
  const none = placement[provider] === undefined;
  return none
    ? `Nothing of this model ran on ${provider}, so this row is no measurement of it: ${listed.join('; ')}.`
    : `Not all of this model ran on ${provider}: ${listed.join('; ')}; each change of place costs a copy.`;
}
