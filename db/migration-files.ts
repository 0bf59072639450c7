import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MigrationError } from './migration-error.ts';

export interface MigrationFile {
  readonly version: number;
  /** The whole file name without its ending, for example `0001-kinds`. */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL('./migrations/', import.meta.url));

const FILE_NAME = /^(?<version>\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.sql$/;

/** The migrations of a folder in their order, which has to be 1, 2, 3 … without holes. */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const entries = (await readdir(directory)).filter((entry) => entry.endsWith('.sql')).sort();
  const files = await Promise.all(entries.map((entry) => readMigrationFile(directory, entry)));
  for (const [index, file] of files.entries()) {
    if (file.version !== index + 1) {
      const wanted = String(index + 1).padStart(4, '0');
      throw new MigrationError(
        'BAD_MIGRATION_FILES',
        `${directory} holds ${file.name} where number ${wanted} is expected. Number the migrations 0001, 0002, … without holes or doubles.`,
      );
    }
  }
  return files;
}

async function readMigrationFile(directory: string, entry: string): Promise<MigrationFile> {
  const version = FILE_NAME.exec(entry)?.groups?.version;
  if (version === undefined) {
    throw new MigrationError(
      'BAD_MIGRATION_FILES',
      `${entry} in ${directory} is not the name of a migration. Name it like 0009-what-it-does.sql.`,
    );
  }
  const text = await readFile(join(directory, entry), 'utf8');
  // A checkout with other line ends is the same migration.
  const sql = text.replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { version: Number(version), name: entry.slice(0, -'.sql'.length), sql, checksum };
}
