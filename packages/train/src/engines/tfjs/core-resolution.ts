import type { LoadHook, ResolveHook } from 'node:module';

/**
 * Hooks of Node.js's module loader (`node:module`, `register`) for the single files of TensorFlow.js's core, which are
 * written for bundlers: they name their neighbours without an ending, and nothing says that they are modules.
 */

const core = '/@tensorflow/tfjs-core/dist/';

export const resolve: ResolveHook = (specifier, context, next) => {
  const bare = specifier.startsWith('.') && !specifier.endsWith('.js');
  return next(bare && context.parentURL?.includes(core) ? `${specifier}.js` : specifier, context);
};

export const load: LoadHook = (url, context, next) =>
  next(url, url.includes(core) && !url.endsWith('.node.js') ? { ...context, format: 'module' } : context);
