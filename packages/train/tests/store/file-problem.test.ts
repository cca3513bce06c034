import { expect, test } from 'vitest';
import { fileProblem } from '../../src/store/file-problem.js';

test.each([
  ['ENOSPC', 'cannot write runs/a: the disk is full; free some space and run again, finished work is kept'],
  ['EROFS', 'cannot write runs/a: the file system is read-only; choose a folder that can be written to'],
  ['EACCES', 'cannot write runs/a: permission is denied; change its permissions or choose another folder'],
  [
    'EDQUOT',
    'cannot write runs/a: the disk quota is used up; free some space and run again, finished work is kept',
  ],
  ['EWHATEVER', 'cannot write runs/a: the system says so'],
])('%s becomes one sentence that names the path and what to do', (code, sentence) => {
  const error = Object.assign(new Error('the system says so'), { code });
  const problem = fileProblem(error, 'write', 'runs/a');
  expect(problem.message).toBe(sentence);
  expect(problem.cause).toBe(error);
});

test('a sentence is not wrapped in another', () => {
  const problem = fileProblem(new Error('first'), 'read', 'a');
  expect(fileProblem(problem, 'write', 'b')).toBe(problem);
});
