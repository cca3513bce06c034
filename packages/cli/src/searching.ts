import type { SearchEvent, SearchRun } from '@winning-tickets/train';
import { runSearch } from '@winning-tickets/train';
import { progressView } from './progress/progress-view.js';
import { advanceSearch, initialSearchProgress, searchOverview } from './progress/search-progress.js';
import type { ProgressView } from './progress/view.js';
import { endedText, searchPlanText } from './render/search-progress.js';
import type { LoadedSearch } from './search-file.js';

export interface SearchingOptions extends LoadedSearch {
  /** The folder that all runs are in. */
  readonly runs: string;
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
}

/** Runs a search, or what is left of it, and shows how that goes on standard error. */
export async function searchWithProgress(options: SearchingOptions): Promise<SearchRun> {
  const { search, source, runs, workers, signal } = options;
  const view = progressView();
  let tell: (event: SearchEvent) => void = () => undefined;
  const onAbort = () => {
    view.note('stopping, and saving what was done; Ctrl-C again stops at once');
  };
  signal.addEventListener('abort', onAbort);
  try {
    return await runSearch({
      ...{ search, source, signal, root: runs },
      ...(workers === undefined ? {} : { workers }),
      onPrepared: (prepared) => {
        view.note(searchPlanText(prepared, runs));
        if (prepared.ended.size < prepared.candidates.length) tell = listener(view, prepared);
      },
      onEvent: (event) => {
        tell(event);
      },
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    view.stop();
  }
}

function listener(
  view: ProgressView,
  prepared: Parameters<typeof initialSearchProgress>[0],
): (event: SearchEvent) => void {
  let state = initialSearchProgress(prepared);
  view.update(searchOverview(state));
  return (event) => {
    state = advanceSearch(state, event, performance.now());
    if (event.type === 'ended') view.finished(endedText(event.outcome));
    else if (event.event.type === 'notice') view.note(event.event.message);
    view.update(searchOverview(state));
  };
}
