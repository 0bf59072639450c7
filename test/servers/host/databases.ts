import { Client, escapeIdentifier } from 'pg';

/**
 * Databases for test files: a copy of a database that was migrated once, or an empty one. Its 1,400 files are 0.4 to 0.9 s of
 * copying; a file system that can share them between both does it in 40 ms.
 */
export class Databases {
  readonly #serverUrl: () => Promise<string>;
  #template: Promise<string> | undefined;
  #count = 0;
  /** Until a file system has said that it cannot. */
  #canShare = true;

  constructor(serverUrl: () => Promise<string>) {
    this.#serverUrl = serverUrl;
  }

  async create(options: { migrated: boolean }): Promise<{ name: string; url: string }> {
    const template = options.migrated ? await this.#migratedTemplate() : 'template0';
    this.#count += 1;
    const name = `test_${this.#count}`;
    const serverUrl = await this.#serverUrl();
    await this.#copy(serverUrl, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
    return { name, url: databaseUrl(serverUrl, name) };
  }

  async #copy(serverUrl: string, create: string): Promise<void> {
    if (this.#canShare) {
      try {
        await runSql(serverUrl, 'SET file_copy_method = clone', `${create} STRATEGY FILE_COPY`);
        return;
      } catch {
        this.#canShare = false;
      }
    }
    // Whatever is wrong with more than the sharing is wrong here as well.
    await runSql(serverUrl, create);
  }

  /** FORCE: a connection that the test forgot must not keep the others from ending. */
  async drop(name: string): Promise<void> {
    await runSql(await this.#serverUrl(), `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
  }

  /** Migrated once; every later copy takes it as it is. */
  #migratedTemplate(): Promise<string> {
    this.#template ??= this.#makeTemplate();
    return this.#template;
  }

  async #makeTemplate(): Promise<string> {
    const name = 'migrated';
    const serverUrl = await this.#serverUrl();
    await runSql(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
    const { migrate } = await import('../../../db/migrate.ts');
    await migrate({ databaseUrl: databaseUrl(serverUrl, name) });
    return name;
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function runSql(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
