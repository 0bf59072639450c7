import { ConfigError } from '../../platform/config/load.ts';

/** As sysexits.h has them, so that whoever calls a command can tell a typing error from a finding. */
const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;

export interface CommandLine<Options> {
  readonly help: string;
  /** Throws what is wrong with the arguments. */
  read(): Options | 'help';
  /** Answers the exit code. */
  run(options: Options): Promise<number>;
}

/** What is the same around the work of every command. Prints what went wrong; the exit code is for its main.ts to set. */
export async function exitCodeOf<Options>({ help, read, run }: CommandLine<Options>): Promise<number> {
  let options: Options | 'help';
  try {
    options = read();
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${help}`);
    return EXIT_BAD_USAGE;
  }
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  try {
    return await run(options);
  } catch (error) {
    console.error(messageOf(error));
    return error instanceof ConfigError ? EXIT_BAD_CONFIG : 1;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
