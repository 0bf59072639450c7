import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Secrets {
  readonly authSecret: string;
  readonly passSecret: string;
  readonly postgresPassword: string;
}

/** Made at the first start and kept beside the data they protect; only their owner may read them. */
export async function ensureSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json');
  const kept = await readSecrets(path);
  if (kept !== undefined) {
    await chmod(path, 0o600);
    return kept;
  }
  const made: Secrets = { authSecret: makeSecret(), passSecret: makeSecret(), postgresPassword: makeSecret() };
  await mkdir(dataDir, { recursive: true });
  await writePrivately(path, `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

/** For the commands beside `npm start`, and for `node --env-file`; values are quoted so that a shell reads the same. */
export async function writeLocalEnv(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(values).map(([name, value]) => {
    const text = quoted(value);
    return text === undefined
      ? `# ${name} has quotes that cannot be written here; set it yourself.\n`
      : `${name}=${text}\n`;
  });
  const head = '# Written by npm start: how to reach what it runs. Read by commands such as npm run doctor.\n';
  await writePrivately(path, head + lines.join(''));
}

export function localEnvFile(dataDir: string): string {
  return join(dataDir, 'local.env');
}

async function readSecrets(path: string): Promise<Secrets | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const value: unknown = parse(text);
  // Not made anew in its place: the data was made with what it held.
  if (!isSecrets(value)) throw new Error(`${path} is damaged; put it back, or remove the whole folder to begin anew`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSecrets(value: unknown): value is Secrets {
  if (typeof value !== 'object' || value === null) return false;
  if (!('authSecret' in value && 'passSecret' in value && 'postgresPassword' in value)) return false;
  return [value.authSecret, value.passSecret, value.postgresPassword].every(
    (secret) => typeof secret === 'string' && secret.length >= 32,
  );
}

function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

async function writePrivately(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await chmod(unfinished, 0o600);
  await rename(unfinished, path);
}

/** As Node's env files and a shell both read it; nothing where they differ, since in a shell it might even be run. */
function quoted(value: string): string | undefined {
  if (!value.includes("'")) return `'${value}'`;
  return /["$`\\]/.test(value) ? undefined : `"${value}"`;
}
