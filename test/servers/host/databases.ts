import { Client, escapeIdentifier } from 'pg';

/** Databases for test files: a copy of a database that was migrated once (copied in about 30 ms), or an empty one. */
export class Databases {
  readonly #serverUrl: () => Promise<string>;
  #template: Promise<string> | undefined;
  #count = 0;

  constructor(serverUrl: () => Promise<string>) {
    this.#serverUrl = serverUrl;
  }

  async create(options: { migrated: boolean }): Promise<{ name: string; url: string }> {
    const template = options.migrated ? await this.#migratedTemplate() : 'template0';
    this.#count += 1;
    const name = `test_${this.#count}`;
    const serverUrl = await this.#serverUrl();
    await runSql(serverUrl, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
    return { name, url: databaseUrl(serverUrl, name) };
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

async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
