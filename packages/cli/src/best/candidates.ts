import type { ExportedFile } from '@winning-tickets/export';
import { encodingsFor } from '@winning-tickets/export';
import type { Ticket } from '@winning-tickets/ticket';
import type { EncodingSwitches, ExportPlan, ModelChoice } from '../exporting.js';
import { exportAll, withSwitches } from '../exporting.js';

/** What weights are rounded of, where rounding is allowed. */
const roundedOf = ['dense', 'compact'];

/** A model that was proved, and how it was made. */
export interface Candidate {
  readonly model: ModelChoice;
  readonly file: ExportedFile;
}

export interface Candidates {
  /** The dense model first: what the others have to beat. */
  readonly candidates: readonly Candidate[];
  /** Models that round and come too far from the trained network, each with the reason. */
  readonly leftOut: readonly { readonly encoding: string; readonly reason: string }[];
}

/**
 * The ways in which a ticket can be written, dense first: exact ones, and those that round weights where that is allowed.
 * Bags are of the compact network, as there is nothing else to gain from pruning in that form.
 */
export function candidateModels(
  ticket: Pick<Ticket, 'metadata'>,
  allowRounding: boolean,
  switches: EncodingSwitches = {},
): ModelChoice[] {
  const fitting = encodingsFor(ticket);
  const exact = fitting.filter(({ accuracyTolerance }) => accuracyTolerance === undefined);
  const names = exact.map(({ name }) => name);
  const models = withSwitches(['dense', ...names.filter((name) => name !== 'dense')], {
    ...switches,
    compactBag: true,
  });
  if (!allowRounding) return models;
  const rounding = fitting.filter(({ accuracyTolerance }) => accuracyTolerance !== undefined);
  return [
    ...models,
    ...rounding.flatMap(({ name }) => roundedOf.map((of) => ({ encoding: name, options: { of } }))),
  ];
}

/**
 * Exports each candidate into a folder, proved on the test samples.
 *
 * @throws as `exportAll`, but for a model that rounds: that one is left out.
 */
export async function exportCandidates(
  ticket: string,
  models: readonly ModelChoice[],
  plan: Omit<ExportPlan, 'tickets'>,
): Promise<Candidates> {
  const candidates: Candidate[] = [];
  const leftOut: { encoding: string; reason: string }[] = [];
  for (const model of models) {
    try {
      const files = await exportAll({ ...plan, tickets: [{ file: ticket, models: [model] }] });
      candidates.push(...files.map((file) => ({ model, file })));
    } catch (error) {
      const { of } = model.options;
      if (of === undefined || plan.signal.aborted || !(error instanceof Error)) throw error;
      leftOut.push({ encoding: `${String(of)}-${model.encoding}`, reason: error.message });
    }
  }
  return { candidates, leftOut };
}
