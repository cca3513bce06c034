import { z } from 'zod';
import { engineDevices, engineNames } from '../../engines/devices.js';
import type { Experiment } from '../../experiment.js';
import { type OptimizerSpec, optimizerKinds, parseOptimizer } from '../../optimizers/optimizer.js';
import type { Branch, TrainingSetup } from './branch.js';

const options = z.strictObject({
  engine: z.enum(engineNames).exactOptional().describe('what trains it; default that of the experiment'),
  device: z.string().exactOptional().describe('where; default cpu, where an engine is given'),
  optimizer: z
    .enum(optimizerKinds)
    .exactOptional()
    .describe('with which optimizer; default that of the experiment'),
  rate: z.coerce
    .number()
    .gt(0)
    .exactOptional()
    .describe('at which learning rate; default that of the experiment'),
  momentum: z.coerce.number().min(0).lt(1).exactOptional().describe('of the optimizer momentum; default 0.9'),
  compact: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .or(z.boolean())
    .exactOptional()
    .describe('whether without what no gradient reaches; default that of the experiment'),
});

type Options = z.output<typeof options>;

/** The iterative ticket of the same level, trained by another engine, with another optimizer or in another form than it was found with. */
export const retrained: Branch<Options> = {
  name: 'retrained',
  summary:
    'The ticket trained by another engine, with another optimizer or in another form: does it hold beyond what it was found with?',
  source: 'Morcos et al. 2019, section 4.5, on optimizers',
  options,
  problem: (own, experiment) => {
    if (Object.keys(own).length === 0)
      return 'says nothing that differs: give an engine, an optimizer, a rate or compact';
    if (experiment.together > 1) return 'cannot train several trials together: set together to 1';
    const { engine, device } = trainingOf(own, experiment);
    const known: readonly string[] = engineDevices[engine];
    return known.includes(device)
      ? undefined
      : `has a device '${device}' that the engine ${engine} does not know`;
  },
  needs: (level) => [{ branch: 'iterative', level }],
  prepare: async ({ experiment, level, ticketOf }, own) => {
    const { masks, initial } = await ticketOf('iterative', level);
    return { masks, initial, training: trainingOf(own, experiment) };
  },
};

function trainingOf(
  { engine, device, optimizer, rate, momentum, compact }: Options,
  experiment: Experiment,
): TrainingSetup {
  return {
    engine: engine ?? experiment.engine,
    device: device ?? (engine === undefined ? experiment.device : 'cpu'),
    optimizer: optimizerOf(optimizer, rate, momentum, experiment.optimizer),
    compact: compact ?? experiment.compact,
  };
}

function optimizerOf(
  kind: OptimizerSpec['kind'] | undefined,
  rate: number | undefined,
  momentum: number | undefined,
  found: OptimizerSpec,
): OptimizerSpec {
  const changed = {
    ...(kind === undefined || kind === found.kind ? found : { kind, ...commonOf(found) }),
    rate: rate ?? found.rate,
  };
  const withMomentum =
    changed.kind === 'momentum'
      ? { momentum: 0.9, ...changed, ...(momentum === undefined ? {} : { momentum }) }
      : changed;
  return parseOptimizer(withMomentum, "the branch 'retrained'");
}

/** What every kind of optimizer has in common. */
function commonOf({ weightDecay, rateFactors }: OptimizerSpec) {
  return { ...(weightDecay === undefined ? {} : { weightDecay }), ...(rateFactors && { rateFactors }) };
}
