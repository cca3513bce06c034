import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes TensorFlow.js's own gradients known. They are no part of the file that Node.js loads of its core, and the package
 * that brings them along, `@tensorflow/tfjs`, weighs four times what is needed here: so they are loaded file by file.
 *
 * The native packages bring them along themselves.
 */
export async function loadGradients(): Promise<void> {
  // Its type leaves out that there may be none.
  const known = tf.getGradient('Mean') as tf.GradConfig | undefined;
  if (known) return;
  // The built file, also when this one runs from its source: the loader runs in a thread of its own.
  const path = fileURLToPath(new URL('./core-resolution.js', import.meta.url));
  register(pathToFileURL(path.replace(/([\\/])src([\\/]engines[\\/])/, '$1dist$2')));
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
}
