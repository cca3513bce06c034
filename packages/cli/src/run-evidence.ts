import type { HeldClaims, MaskPicture } from '@winning-tickets/report';
import type { Claims, Run, Stability } from '@winning-tickets/train';
import { evaluateClaims, parseStability } from '@winning-tickets/train';
import { readJson } from './bytes.js';
import { maskPictures } from './mask-pictures.js';
import { runFiles, statusOf } from './run-folder.js';

/** What a page shows of a run beside its trainings. */
export interface RunEvidence {
  readonly claims: HeldClaims;
  readonly masks: readonly MaskPicture[];
  /** Its stability analysis, if one was made. */
  readonly stability?: Stability;
}

/** Holds claims against a run and reads what lies in its folder. @throws Error when a file cannot be read */
export async function runEvidence(run: Run, { source, claims }: Claims): Promise<RunEvidence> {
  const { stability: file } = runFiles(run.folder);
  return {
    claims: { source, results: evaluateClaims(run, claims) },
    masks: await maskPictures(run),
    ...((await statusOf(file)) ? { stability: parseStability(await readJson(file), file) } : {}),
  };
}
