// Writes one file over and over, each time all of one letter, until it is killed or a write fails.
import { writeAtomic } from '../../src/store/atomic.js';

const [path = '', bytes = ''] = process.argv.slice(2);
// Else the signal of a file size limit would end the process before the error is seen.
process.on('SIGXFSZ', () => undefined);
console.log('ready');
try {
  for (let index = 0; ; index++) {
    await writeAtomic(path, Buffer.alloc(Number(bytes), 'abcdefgh'[index % 8] ?? 'a'));
  }
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
  process.exit();
}
