import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Starts a process that speaks JSON lines and waits for its greeting.
 *
 * @param {string} name as errors call it.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ greeting: object, ask(request: object): Promise<object>, stop(): void }>} `ask` sends a request
 *   and resolves with the answer, one at a time.
 * @throws Error with one sentence when the process ends or answers with an error.
 */
export async function startPeer(name, command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let failure;
  let wake = () => {};
  const fail = (reason) => {
    failure ??= new Error(`${name}: ${reason}`);
    wake();
  };
  child.on('error', (error) => fail(`could not be started (${error.message})`));
  child.on('exit', (code, signal) => fail(`ended unexpectedly (${signal ?? `exit status ${code}`})`));
  // A write to a process that has just ended; its end is reported by 'exit'.
  child.stdin.on('error', () => {});

  const answers = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    answers.push(line);
    wake();
  });

  const nextAnswer = async () => {
    while (answers.length === 0) {
      if (failure) throw failure;
      await new Promise((resolve) => (wake = resolve));
    }
    const line = answers.shift();
    let answer;
    try {
      answer = JSON.parse(line);
    } catch {
      throw new Error(`${name}: expected a line of JSON, found "${line.slice(0, 100)}"`);
    }
    if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`);
    return answer;
  };

  return {
    greeting: await nextAnswer(),
    ask: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return nextAnswer();
    },
    stop: () => {
      child.removeAllListeners('exit');
      child.stdin.end();
      child.kill();
    },
  };
}
