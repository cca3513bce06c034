import { z } from 'zod';
import { cosine } from './cosine.js';
import { step } from './step.js';
import { warmup } from './warmup.js';

/** Every kind of part that a schedule is made of. A new one is a file of its own, a line here and its schema below. */
const parts = { warmup, step, cosine } as const;

/** A schedule as an experiment has it: parts whose factors are multiplied; none is a constant rate. */
export const scheduleSchema = z
  .array(z.discriminatedUnion('kind', [warmup.schema, step.schema, cosine.schema]))
  .readonly();

export type ScheduleSpec = z.output<typeof scheduleSchema>;

/** How many steps a training has, which some parts depend on. */
interface Course {
  readonly iterations: number;
}

/**
 * The learning rate's factor at each step, counted from 0: the product of the parts' factors. A pure function of the step, so
 * that a training which is taken up again, or goes on from an early step, has the rates of one that was never stopped.
 */
export function rateFactor(schedule: ScheduleSpec | undefined, course: Course): (step: number) => number {
  return (at) => (schedule ?? []).reduce((product, part) => product * factorOf(part, at, course), 1);
}

function factorOf(part: ScheduleSpec[number], at: number, course: Course): number {
  const factor = parts[part.kind].factor as (
    part: ScheduleSpec[number],
    at: number,
    course: Course,
  ) => number;
  return factor(part, at, course);
}
