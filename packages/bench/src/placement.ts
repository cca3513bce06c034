import type { ProfiledNode } from './profile.js';
import type { BenchProvider, Placement } from './result.js';

/** What the runtime calls its providers in a profile. */
const profileNames: Readonly<Record<BenchProvider, string>> = {
  cpu: 'CPUExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
};
const providers = new Map(Object.entries(profileNames).map(([provider, name]) => [name, provider]));

/** Operator types by the provider that ran them, with the number of nodes of each. */
export function placementOf(nodes: readonly ProfiledNode[]): Placement {
  const placement: Record<string, Record<string, number>> = {};
  for (const { operator, provider } of nodes) {
    const operators = (placement[providers.get(provider) ?? provider] ??= {});
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
