import { loadModules } from '@winning-tickets/train';

/**
 * Loads the user's own layers and networks. In a file of its own so that a command that is named without any does not load
 * what trains.
 */
export async function loadOwnModules(files: readonly string[]): Promise<void> {
  await loadModules(files);
}
