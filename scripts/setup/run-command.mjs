import { spawn } from 'node:child_process';

/**
 * @typedef {object} CommandResult
 * @property {number} exitCode 127 when the program does not exist, 124 when it ran out of time.
 * @property {string} output Standard output and error, as they came.
 *
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {number} [timeoutSeconds] The program and nothing else is ended after it. Default: none.
 * @property {boolean} [interactive] True: the terminal is handed over, for a password prompt.
 * @property {NodeJS.ProcessEnv} [env] Added to ours.
 *
 * @typedef {(program: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>} Run
 */

/** Runs a program to its end and never rejects. @type {Run} */
export function runCommand(program, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      // Standard output stays clean for `analyze --json`: an interactive program writes to our standard error.
      stdio: options.interactive ? ['inherit', process.stderr, 'inherit'] : ['ignore', 'pipe', 'pipe'],
      // npm and npx are .cmd files on Windows, which only a shell runs.
      shell: process.platform === 'win32' && !program.endsWith('.exe'),
    });
    const timer =
      options.timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.timeoutSeconds * 1000);
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ exitCode: 127, output: output + String(error.message) });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ exitCode: timedOut ? 124 : (code ?? 1), output });
    });
  });
}

/**
 * The line of a failed program's output that says most: the first one that names an error, else the last one.
 * @param {string} output
 */
export function failureLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '));
  // npm's warnings come first and name no error; its first error line is a code, the second the sentence.
  const named = lines.find(
    (line) => !/^npm (warn|error code)/.test(line) && /^E: |error\b.*\w|failed|unable/i.test(line),
  );
  return (named ?? lines.at(-1) ?? 'no output').slice(0, 200);
}
