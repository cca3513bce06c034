import { parse } from '@winning-tickets/ticket';
import type { Experiment } from '../../experiment.js';
import type { Branch, BranchContext, BranchId, BranchName, NeededStage, StageStart } from './branch.js';
import { branchNames } from './branch.js';
import { constantMagnitude } from './constant-magnitude.js';
import { fineTuned } from './fine-tuned.js';
import { intersection } from './intersection.js';
import { iterative } from './iterative.js';
import { oneShot } from './one-shot.js';
import { randomMask } from './random-mask.js';
import { randomReinit } from './random-reinit.js';
import { rateRewound } from './rate-rewound.js';
import { retrained } from './retrained.js';
import { rewound } from './rewound.js';
import { shuffledMask } from './shuffled-mask.js';
import { signReinit } from './sign-reinit.js';
import { transferred } from './transferred.js';
import { union } from './union.js';

/** All kinds of branches by name. */
export const branches = {
  iterative,
  'random-reinit': randomReinit,
  'random-mask': randomMask,
  'shuffled-mask': shuffledMask,
  'one-shot': oneShot,
  transferred,
  'sign-reinit': signReinit,
  'constant-magnitude': constantMagnitude,
  rewound,
  'rate-rewound': rateRewound,
  'fine-tuned': fineTuned,
  union,
  intersection,
  retrained,
} as const satisfies Readonly<Record<BranchName, Branch>>;

/** A branch whose options are settled. */
export interface SettledBranch {
  /** See `BranchId`: the same for equal options, however they were written. */
  readonly id: BranchId;
  readonly kind: BranchName;
  readonly needs: (level: number) => readonly NeededStage[];
  readonly prepare: (context: BranchContext) => Promise<StageStart>;
  readonly problem: (experiment: Experiment, levels: readonly number[]) => string | undefined;
}

/**
 * The branch of a kind with options, as an experiment's file gives them or an id names them.
 *
 * @param where what the options are, at the start of an error
 * @throws Error with one sentence when an option is missing, unknown or out of range
 */
export function settledBranch(
  kind: BranchName,
  given: Readonly<Record<string, unknown>>,
  where: string,
): SettledBranch {
  const branch: Branch = branches[kind];
  if (!branch.options && Object.keys(given).length > 0) {
    throw new Error(
      `${where}: '${kind}' has no options, found '${Object.keys(given)[0] ?? ''}': leave it out`,
    );
  }
  const options: object = branch.options ? parse(branch.options, given, where) : {};
  return {
    id: idOf(kind, branch, options),
    kind,
    needs: (level) => branch.needs(level, options),
    prepare: (context) => branch.prepare(context, options),
    problem: (experiment, levels) => branch.problem?.(options, experiment, levels),
  };
}

/** The branch of an id. @throws Error with one sentence when there is none of that id */
export function branchOf(id: BranchId): SettledBranch {
  const [kind = '', ...pairs] = id.split(',');
  const name = branchNames.find((each) => each === kind);
  if (!name) throw new Error(`there is no branch '${kind}': it is one of ${branchNames.join(', ')}`);
  const options = pairs.map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return [key, valueOf(value.join('='))] as const;
  });
  return settledBranch(name, Object.fromEntries(options), `branch '${id}'`);
}

/** Numbers are written as such; all else is text. */
function valueOf(text: string): unknown {
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function idOf(kind: BranchName, { options: schema }: Branch, options: object): BranchId {
  const pairs = Object.keys(schema?.shape ?? {}).flatMap((key) => {
    const value = Reflect.get(options, key) as string | number | undefined;
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return [kind, ...pairs].join(',');
}
