import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeVapidPrivateKey } from '../../platform/outgoing/vapid.ts';

export interface Secrets {
  readonly authSecret: string;
  readonly passSecret: string;
  readonly postgresPassword: string;
  /** Of the local payment gateway. */
  readonly paymentApiKey: string;
  readonly paymentWebhookSecret: string;
  /** Signs what the built-in carrier tells. */
  readonly carrierSecret: string;
  /** Makes the secrets of webhooks and the links to unsubscribe. */
  readonly outgoingSecret: string;
  /** What push services know us by. */
  readonly vapidPrivateKey: string;
}

function makeSecrets(): Secrets {
  return {
    authSecret: makeSecret(),
    passSecret: makeSecret(),
    postgresPassword: makeSecret(),
    // As Stripe's own begin, so that nobody takes one for the other kind.
    paymentApiKey: `sk_test_${makeSecret()}`,
    paymentWebhookSecret: `whsec_${makeSecret()}`,
    carrierSecret: makeSecret(),
    outgoingSecret: makeSecret(),
    vapidPrivateKey: makeVapidPrivateKey(),
  };
}

/** What every secrets.json ever had; the others came later, and are added to one that is without them. */
const FIRST_ONES = ['authSecret', 'passSecret', 'postgresPassword'] as const;
const LATER_ONES = [
  ...(['paymentApiKey', 'paymentWebhookSecret', 'carrierSecret'] as const),
  ...(['outgoingSecret', 'vapidPrivateKey'] as const),
] as const;

/** Made at the first start and kept beside the data they protect; only their owner may read them. */
export async function ensureSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json');
  const kept = await readSecrets(path);
  if (kept !== undefined && isWhole(kept)) {
    await chmod(path, 0o600);
    return kept;
  }
  const made: Secrets = { ...makeSecrets(), ...kept };
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

async function readSecrets(path: string): Promise<Partial<Secrets> | undefined> {
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

function isSecrets(value: unknown): value is Partial<Secrets> {
  if (typeof value !== 'object' || value === null) return false;
  const entries = new Map<string, unknown>(Object.entries(value));
  const isSecret = (secret: unknown) => typeof secret === 'string' && secret.length >= 32;
  return (
    FIRST_ONES.every((name) => isSecret(entries.get(name))) &&
    LATER_ONES.every((name) => !entries.has(name) || isSecret(entries.get(name)))
  );
}

function isWhole(secrets: Partial<Secrets>): secrets is Secrets {
  return LATER_ONES.every((name) => secrets[name] !== undefined);
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
