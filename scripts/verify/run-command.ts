import { spawn } from 'node:child_process';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface CommandEnd {
  /** 128 + the signal when it was ended by one, as a shell reports it; 127 when it could not be run. */
  readonly exitCode: number;
  readonly seconds: number;
  /** Standard output and error in the order they came; empty when they went to the terminal. */
  readonly output: string;
}

/** Enough for every finding of a linter; a command that says more is cut at the front, as its end says why it failed. */
const mostOutputChars = 200_000;

export function runCommand(
  command: Command,
  options: { cwd: string; show: boolean; signal: AbortSignal },
): Promise<CommandEnd> {
  const begunAt = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const end = (exitCode: number) => resolve({ exitCode, seconds: (performance.now() - begunAt) / 1000, output });
    const stream = options.show ? 'inherit' : 'pipe';
    const child = spawn(command.file, command.args, {
      cwd: options.cwd,
      stdio: ['ignore', stream, stream],
      signal: options.signal,
    });
    const take = (chunk: string) => {
      output = (output + chunk).slice(-mostOutputChars);
    };
    child.stdout?.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      // An abort is followed by 'close'; whoever was never started has no other event.
      if (child.pid !== undefined) return;
      output += `${command.file} cannot be run: ${error.message}\n`;
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)));
  });
}
