import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ChildStartError } from './child-start-error.ts';

const KAFKA_VERSION = '4.1.0';
const FOLDER = `kafka-${KAFKA_VERSION}`;
const MARKER = 'complete';
const UNFINISHED = '.fetching-';
const FETCH_DEADLINE_MS = 10 * 60_000;

/** Kafka logs through slf4j and brings no binding for it; without this one a broker that fails says nothing. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dropgate</groupId>
  <artifactId>kafka-parts</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.24.3</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId>
        <version>3.8.1</version>
      </plugin>
    </plugins>
  </build>
</project>
`;

export async function hasKafkaParts(partsDir: string): Promise<boolean> {
  return exists(join(resolve(partsDir), FOLDER, MARKER));
}

/**
 * The folder with Kafka's jars, fetched by Maven when it is not there yet. They appear all at once, by a rename: whoever
 * fetches at the same time, or is killed in the middle, leaves no half of them.
 */
export async function fetchKafkaParts(partsDir: string, signal?: AbortSignal): Promise<string> {
  const parts = resolve(partsDir);
  const target = join(parts, FOLDER);
  const jars = join(target, 'lib');
  if (await hasKafkaParts(parts)) return jars;
  await mkdir(parts, { recursive: true });
  await removeAbandoned(parts);
  const fetching = join(parts, `${UNFINISHED}${randomUUID()}`);
  try {
    await mkdir(fetching);
    await writeFile(join(fetching, 'pom.xml'), POM);
    await runMaven(fetching, signal);
    await writeFile(join(fetching, MARKER), `${KAFKA_VERSION}\n`);
    // A folder without its marker is not ours to trust: an earlier one that was damaged by hand.
    if ((await exists(target)) && !(await hasKafkaParts(parts))) await rm(target, { recursive: true, force: true });
    await rename(fetching, target).catch(async (error: unknown) => {
      if (!(await hasKafkaParts(parts))) throw error;
    });
  } finally {
    await rm(fetching, { recursive: true, force: true });
  }
  return jars;
}

async function runMaven(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const args = ['-q', '-B', '-f', join(folder, 'pom.xml'), 'dependency:copy-dependencies'];
  args.push(`-DoutputDirectory=${join(folder, 'lib')}`, '-DincludeScope=runtime');
  try {
    await promisify(execFile)('mvn', args, { cwd: folder, timeout: FETCH_DEADLINE_MS, signal, maxBuffer: 8_000_000 });
  } catch (cause) {
    signal?.throwIfAborted();
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') throw new ChildStartError('kafka', 'mvn (Maven) is needed once, to fetch its jars.');
    const said = cause instanceof Error && 'stdout' in cause ? String(cause.stdout) : String(cause);
    const lines = said.trim().split('\n').slice(0, 6).join('\n  ');
    throw new ChildStartError('kafka', `Maven could not fetch its jars:\n  ${lines}`, { cause });
  }
}

/** What a killed fetch left behind; one that still runs has been written to within its deadline. */
async function removeAbandoned(parts: string): Promise<void> {
  for (const name of await readdir(parts)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const folder = join(parts, name);
    const begun = await stat(folder).catch(() => undefined);
    if (begun !== undefined && Date.now() - begun.mtimeMs > FETCH_DEADLINE_MS) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
