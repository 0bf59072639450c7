import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ChildStartError } from './child-start-error.ts';

const run = promisify(execFile);
const USER = 'postgres';

/** As whom PostgreSQL's programs run, and how a file is handed to that user. */
export interface PostgresIdentity {
  /** Goes before a program and its arguments. Empty when we are an ordinary user already. */
  readonly prefix: readonly string[];
  own(path: string): Promise<void>;
}

export interface MustReach {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * PostgreSQL refuses to run as root, so root hands it to a system user. That user must reach the programs and the data,
 * which for root are often below a folder closed to others (/root, a `mktemp -d`). Rather than open that folder or
 * put the data elsewhere, the server then gets one capability: to pass and read what it otherwise could not.
 */
export async function postgresIdentity(reach: MustReach): Promise<PostgresIdentity> {
  if (process.getuid?.() !== 0) return { prefix: [], own: async () => {} };
  const { uid, gid } = await systemUser();
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  // dac_read_search is the smaller one; containers often keep only dac_override.
  const ways = [[], withCapability('dac_read_search'), withCapability('dac_override')];
  for (const capability of ways) {
    const prefix = [...asUser, ...capability];
    if (await canReach(prefix, reach)) return { prefix, own: (path) => chown(path, uid, gid) };
  }
  throw new ChildStartError(
    'postgres',
    `PostgreSQL does not run as root, and the user "${USER}" cannot reach ${reach.folders.join(' and ')}. ` +
      'Start as an ordinary user, or from a folder that every user may enter, or set DATABASE_URL.',
  );
}

/**
 * PostgreSQL's programs ask access(2) about each other, which looks without capabilities at what a user other than root
 * may do, unless no_setuid_fixup is set. The other capabilities, which that would keep, end with the next program.
 */
function withCapability(name: string): readonly string[] {
  return ['--securebits=+no_setuid_fixup', `--inh-caps=+${name}`, `--ambient-caps=+${name}`];
}

/** Asked by `find`, which asks access(2) as PostgreSQL does; a shell's `test` would answer for the capabilities. */
async function canReach(prefix: readonly string[], reach: MustReach): Promise<boolean> {
  const [program = 'setpriv', ...args] = prefix;
  const look = async (paths: readonly string[], how: string) => {
    const { stdout } = await run(program, [...args, 'find', ...paths, '-maxdepth', '0', how], { cwd: '/' });
    return stdout.trim().split('\n').length === paths.length;
  };
  try {
    return (await look(reach.files, '-readable')) && (await look(reach.folders, '-executable'));
  } catch {
    return false;
  }
}

async function systemUser(): Promise<{ uid: number; gid: number }> {
  const found = await lookUp();
  if (found !== undefined) return found;
  try {
    await run('groupadd', ['--system', '--force', USER]);
    await run('useradd', ['--system', '--gid', USER, '--no-create-home', '--shell', '/usr/sbin/nologin', USER]);
  } catch (cause) {
    // Another start may have made it between our look and our try.
    const meanwhile = await lookUp();
    if (meanwhile !== undefined) return meanwhile;
    const advice = `PostgreSQL does not run as root, and the user "${USER}" could not be made`;
    throw new ChildStartError('postgres', `${advice}: ${String(cause)}`, { cause });
  }
  const made = await lookUp();
  if (made === undefined) throw new ChildStartError('postgres', `the user "${USER}" was made but is not found.`);
  return made;
}

async function lookUp(): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', USER]), run('id', ['-g', USER])]);
    return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
  } catch {
    return undefined;
  }
}
