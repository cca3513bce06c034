import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Feeds } from './inputs.js';
import type { SessionSetup } from './session.js';
import { createSession, runFailure } from './session.js';

/** One operator of a model as the runtime ran it, which may be several of the file fused. */
export interface ProfiledNode {
  readonly operator: string;
  /** As the runtime calls it, such as `CPUExecutionProvider`. */
  readonly provider: string;
  /** Shapes of inputs and outputs. Weights that the runtime has laid out anew for itself are not among the inputs. */
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  /** Bytes of what it read and wrote, as far as the inputs tell. */
  readonly bytes: number;
}

// Element type -> shape, one entry: the runtime writes every tensor so.
const shapes = z
  .array(z.record(z.string(), z.array(z.number())))
  .transform((list) => list.flatMap((entry) => Object.values(entry)));
const size = z.coerce.number();

/** The event of a kernel in the runtime's profile, which has events of other kinds too. */
const kernelEvent = z.object({
  cat: z.literal('Node'),
  name: z.string(),
  args: z.object({
    op_name: z.string(),
    provider: z.string().min(1),
    input_type_shape: shapes.default([]),
    output_type_shape: shapes.default([]),
    parameter_size: size.default(0),
    activation_size: size.default(0),
    output_size: size.default(0),
  }),
});

/**
 * The operators that one call of a model runs, from the runtime's own profile.
 *
 * A session that is asked for a provider gives it what it has kernels for and what is worth the copies, and runs the rest
 * on the CPU without a word. Only the profile says so; and only it knows what became of the graph in optimisation.
 *
 * @throws Error in one sentence when the runtime cannot load or run the model.
 */
export async function profileCall(file: string, setup: SessionSetup, feeds: Feeds): Promise<ProfiledNode[]> {
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
    return parseProfile(JSON.parse(await readFile(join(folder, profile), 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The kernels in a profile of one call, each once: a list of events. */
export function parseProfile(profile: unknown): ProfiledNode[] {
  const nodes = new Map<string, ProfiledNode>();
  for (const entry of z.array(z.unknown()).parse(profile)) {
    const event = kernelEvent.safeParse(entry);
    // A node in a loop has an event a turn.
    if (!event.success || nodes.has(event.data.name)) continue;
    const { args } = event.data;
    nodes.set(event.data.name, {
      operator: args.op_name,
      provider: args.provider,
      inputs: args.input_type_shape,
      outputs: args.output_type_shape,
      bytes: args.parameter_size + args.activation_size + args.output_size,
    });
  }
  return [...nodes.values()];
}
