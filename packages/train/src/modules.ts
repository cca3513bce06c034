import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Operator } from '@winning-tickets/onnx';
import * as onnx from '@winning-tickets/onnx';
import type { LayerDefinition, NamedNetwork } from '@winning-tickets/ticket';
import * as ticket from '@winning-tickets/ticket';
import { z } from 'zod';

/** A file of one's own with layers, operators or networks, and what it contained when it was loaded. */
export interface ModuleIdentity {
  /** Absolute path. */
  readonly file: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
}

/** What a module may bring. */
export interface ModuleContents {
  readonly operators?: readonly Operator[];
  readonly layers?: readonly LayerDefinition[];
  readonly networks?: Readonly<Record<string, NamedNetwork>>;
}

/**
 * What a module exports as its default: a function of the packages that it builds on, so that the file can lie anywhere.
 */
export type Module = (packages: {
  readonly onnx: typeof onnx;
  readonly ticket: typeof ticket;
  readonly z: typeof z;
}) => ModuleContents;

// A module is loaded once: its definitions are known from then on.
const loaded = new Map<string, ModuleIdentity>();

/**
 * Loads modules of one's own (JavaScript, ES modules) and makes known what they bring. Their code runs in this process:
 * load only what you trust.
 *
 * @param modules paths, or identities, whose contents must be as they were.
 * @throws Error in one sentence when a file cannot be read, has changed, does not export a function, or brings something
 *   that is not valid or whose name is taken.
 */
export async function loadModules(modules: readonly (string | ModuleIdentity)[]): Promise<ModuleIdentity[]> {
  const identities: ModuleIdentity[] = [];
  for (const module of modules) {
    const file = resolve(typeof module === 'string' ? module : module.file);
    const sha256 = await digestOf(file);
    const expected = typeof module === 'string' ? sha256 : module.sha256;
    if (sha256 !== expected) {
      throw new Error(
        `${file}: changed since the run began (SHA-256 ${sha256.slice(0, 12)}, recorded is ${expected.slice(0, 12)}): ` +
          'put the original back, or run the experiment again for a run with the new one',
      );
    }
    const known = loaded.get(file);
    if (known && known.sha256 !== sha256) throw new Error(`${file}: changed since this process loaded it`);
    if (!known) await load(file);
    const identity = { file, sha256 };
    loaded.set(file, identity);
    identities.push(identity);
  }
  return identities;
}

async function digestOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Error(`${file}: the module cannot be read (${messageOf(error)})`, { cause: error });
  });
  return createHash('sha256').update(bytes).digest('hex');
}

const contentsSchema = z.strictObject({
  operators: z.array(z.looseObject({ op: z.string().min(1), infer: z.function() })).exactOptional(),
  layers: z
    .array(
      z.looseObject({
        kind: z.string().min(1),
        prefix: z.string().min(1),
        options: z.instanceof(z.ZodObject),
        outputShape: z.function(),
        parameters: z.function(),
        forward: z.function(),
      }),
    )
    .exactOptional(),
  networks: z.record(z.string(), z.function()).exactOptional(),
});

async function load(file: string): Promise<void> {
  try {
    const { default: module } = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (typeof module !== 'function') {
      throw new Error('expected a function of ({ onnx, ticket, z }) as its default export');
    }
    const contents = (module as Module)({ onnx, ticket, z });
    ticket.parse(contentsSchema, contents, 'what it returns');
    contents.operators?.forEach(onnx.registerOperator);
    contents.layers?.forEach(ticket.registerLayer);
    for (const [name, network] of Object.entries(contents.networks ?? {}))
      ticket.registerNetwork(name, network);
  } catch (error) {
    throw new Error(`${basename(file)}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
