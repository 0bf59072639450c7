import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hasKafkaParts } from '../servers/kafka-parts.ts';
import { findProgram } from '../servers/programs.ts';
import type { ServerName } from '../servers/server.ts';

/** Something that a start needs and the machine does not have. */
export interface Missing {
  readonly what: string;
  /** What it is for, so that one can do without it. */
  readonly because: string;
  /** Debian's and Ubuntu's packages that have it, the best one first. */
  readonly packages: readonly string[];
}

export interface Needs {
  readonly local: ReadonlySet<ServerName>;
  readonly partsDir: string;
  /** The PATH, where programs are looked for. */
  readonly searchPath: string;
  readonly isRoot: boolean;
}

const JAVA_PACKAGES = [
  'openjdk-17-jre-headless',
  'openjdk-21-jre-headless',
  'openjdk-25-jre-headless',
  'default-jre-headless',
];
const OLDEST_JAVA = 17;

/** Only what this start really uses: a server whose URL is set needs nothing here. */
export async function findMissing({ local, partsDir, searchPath, isRoot }: Needs): Promise<readonly Missing[]> {
  const missing: Missing[] = [];
  const has = async (...names: string[]) => (await findProgram(names, searchPath)) !== undefined;
  if (local.has('redis') && !(await has('redis-server', 'valkey-server'))) {
    missing.push({ what: 'Redis', because: 'REDIS_URL is not set', packages: ['redis-server', 'valkey-server'] });
  }
  if (local.has('kafka')) {
    const because = 'Kafka runs on it, and KAFKA_BROKERS is not set';
    const java = await javaVersion();
    if (java === undefined || java < OLDEST_JAVA) {
      missing.push({ what: `Java ${OLDEST_JAVA} or newer`, because, packages: JAVA_PACKAGES });
    }
    if (!(await hasKafkaParts(partsDir)) && !(await has('mvn'))) {
      missing.push({ what: 'Maven', because: 'it fetches Kafka once', packages: ['maven'] });
    }
  }
  if (local.has('postgres') && isRoot) {
    const because = 'PostgreSQL does not run as root, and DATABASE_URL is not set';
    if (!(await has('setpriv'))) missing.push({ what: 'setpriv', because, packages: ['util-linux'] });
    if (!(await has('useradd'))) missing.push({ what: 'useradd', because, packages: ['passwd'] });
  }
  return missing;
}

/** The major version of the `java` on the PATH. */
export async function javaVersion(): Promise<number | undefined> {
  try {
    const { stderr } = await promisify(execFile)('java', ['-version'], { timeout: 20_000 });
    return parseJavaVersion(stderr);
  } catch {
    return undefined;
  }
}

/** `openjdk version "17.0.15" …`, and `"1.8.0_402"` of the days when the major version came second. */
export function parseJavaVersion(text: string): number | undefined {
  const version = /version "(?:1\.)?(\d+)/.exec(text)?.[1];
  return version === undefined ? undefined : Number(version);
}
