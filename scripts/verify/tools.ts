import { join } from 'node:path';
import type { Environment } from '../../platform/config/load.ts';
import { choosePackages, installCommands, installMissing } from '../up/apt.ts';
import { findMissing, type Missing } from '../up/requirements.ts';

export interface ToolOptions {
  readonly root: string;
  readonly environment: Environment;
  readonly isRoot: boolean;
  readonly signal: AbortSignal;
  print(text: string): void;
}

/**
 * Redis, Java and Maven, which the test servers run on: installed where we may, else the commands are printed. Answers
 * whether everything is there; the tests run in either case, as most of them need only some of it.
 */
export async function provideTools({ root, environment, isRoot, signal, print }: ToolOptions): Promise<boolean> {
  const find = () =>
    findMissing({
      local: new Set(['redis', 'kafka', 'postgres'] as const),
      partsDir: join(root, '.dropgate/parts'),
      searchPath: environment.PATH ?? '',
      isRoot,
    });
  const missing = await find();
  if (missing.length === 0) return true;
  const names = namesOf(missing);
  if (!isRoot) {
    const commands = installCommands(await choosePackages(missing));
    print(`The tests need ${names}:\n${commands.map((command) => `  ${command}\n`).join('')}`);
    return false;
  }
  print(`Installing ${names} for the tests\n`);
  try {
    const logFile = join(root, '.dropgate/logs/apt.log');
    const packages = await installMissing(missing, {
      environment,
      logFile,
      signal,
      onProgress: () => undefined,
      onProblem: (line) => print(`${line}\n`),
    });
    print(`Installed ${packages.join(', ')}\n`);
    const still = await find();
    if (still.length > 0) print(`Still missing after that: ${namesOf(still)}\n`);
    return still.length === 0;
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

const namesOf = (missing: readonly Missing[]) => missing.map(({ what }) => what).join(', ');
