// Claims the lock of each folder that it is sent, holds it, and says 'won' or 'lost'.
import { createInterface } from 'node:readline';
import { acquire } from '../../src/store/lock.js';

console.log('ready');
for await (const folder of createInterface({ input: process.stdin })) {
  console.log((await acquire(folder)) ? 'won' : 'lost');
}
