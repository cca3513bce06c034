import type { MaskPicture } from '@winning-tickets/report';
import type { SurvivorMap } from '@winning-tickets/ticket';
import { resolveNetwork, survivorMaps } from '@winning-tickets/ticket';
import type { Run, StageManifest } from '@winning-tickets/train';
import { readStageTicket } from '@winning-tickets/train';
import { nearestDensity } from './exporting.js';

/** Where a run is looked at: the whole network, and where tickets are found, lost and nearly empty. */
const densities = [1, 0.5, 0.2, 0.05, 0.015];

/**
 * Where the weights of a run's iterative tickets survive, at the levels nearest to a few densities: pixels in the mean over the
 * trials, kernels of the first. None of networks over words without convolutions.
 *
 * @throws Error when a ticket cannot be read
 */
export async function maskPictures(run: Run): Promise<MaskPicture[]> {
  const ladder = run.stages.filter(({ branch }) => branch === 'iterative');
  const chosen = densities.flatMap((density) => nearestDensity(ladder, density)?.level ?? []);
  const levels = [];
  for (const level of [...new Set(chosen)].sort((a, b) => a - b)) {
    levels.push(
      await levelMaps(
        run,
        ladder.filter((stage) => stage.level === level),
      ),
    );
  }
  return picturesOf(levels.flat());
}

interface LevelMap extends SurvivorMap {
  readonly level: number;
  readonly density: number;
  readonly trials: number;
}

/** The maps of one level's tickets. One ticket is enough where there are no pixels, whose mean needs all. */
async function levelMaps(run: Run, stages: readonly StageManifest[]): Promise<LevelMap[]> {
  const read: SurvivorMap[][] = [];
  for (const stage of stages.toSorted((a, b) => a.trial - b.trial)) {
    const { metadata, masks } = await readStageTicket(run, stage);
    read.push(survivorMaps(resolveNetwork(metadata.network), masks));
    if (!read[0]?.some(({ cells }) => cells === 'pixels')) break;
  }
  const { level = 0, density = 0 } = stages[0] ?? {};
  return (read[0] ?? []).map((map, index) => {
    const own = map.cells === 'pixels' ? read.flatMap((maps) => maps[index] ?? []) : [map];
    return { ...map, survivors: meanOf(own), level, density, trials: own.length };
  });
}

function meanOf(maps: readonly SurvivorMap[]): number[] {
  const [first, ...others] = maps.map(({ survivors }) => survivors);
  return (first ?? []).map(
    (value, cell) => others.reduce((sum, survivors) => sum + (survivors[cell] ?? 0), value) / maps.length,
  );
}

function picturesOf(maps: readonly LevelMap[]): MaskPicture[] {
  return [...new Map(maps.map((map) => [map.layer, map])).values()].map(
    ({ layer, cells, rows, columns, weights }) => ({
      ...{ layer, cells, rows, columns, weights },
      levels: maps
        .filter((map) => map.layer === layer)
        .map(({ level, density, trials, survivors }) => ({ level, density, trials, survivors })),
    }),
  );
}
