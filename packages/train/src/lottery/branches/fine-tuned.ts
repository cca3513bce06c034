import { rateFactor } from '../../schedules/schedule.js';
import type { Branch } from './branch.js';
import { trainedWeights } from './trained-weights.js';

/**
 * Fine-tuning: weights stay as they were trained, and so does the rate, at that of the last step of the schedule, for as many
 * steps as any training has. The optimizer and the batches begin anew.
 */
export const fineTuned: Branch = {
  name: 'fine-tuned',
  summary:
    'The ticket with the trained weights it was pruned from, trained on at the last rate of the schedule: is resetting needed?',
  source: 'Han et al. 2015; Renda, Frankle & Carbin 2020, fine-tuning',
  needs: trainedWeights.needs,
  prepare: async (context) => {
    const { optimizer, schedule, iterations } = context.experiment;
    const rate = optimizer.rate * rateFactor(schedule, { iterations })(iterations - 1);
    return { ...(await trainedWeights.start(context)), rate };
  },
};
