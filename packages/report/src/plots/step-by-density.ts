import type { BranchLevels } from '../branches.js';
import { microsText } from '../format.js';
import { plotByDensity } from './by-density.js';
import type { Figure } from './figure.js';

/** Beyond this, the axis is in milliseconds: the numbers of microseconds would be too long for it. */
const mostMicros = 1000;

/** Time of a training step against density. */
export function stepByDensity(branches: readonly BranchLevels[]): Figure | undefined {
  const stages = branches.flatMap(({ levels }) => levels.flatMap((level) => level.stages));
  const isLong = stages.some(({ stepMicros }) => stepMicros > mostMicros);
  const micros = isLong ? 1000 : 1;
  return plotByDensity(
    {
      id: 'plot-step',
      title: 'Time of a training step against density',
      axis: `${isLong ? 'milliseconds' : 'microseconds'} per step, median of a training`,
      of: ({ stepMicros }) => stepMicros / micros,
      text: (value) => microsText(value * micros),
      caption: 'Wall time while the run was made, with all that the machine did besides.',
    },
    branches,
  );
}
