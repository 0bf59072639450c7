import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { asyncapiDocument } from './document.ts';

const BIOME = join(import.meta.dirname, '../../node_modules/@biomejs/biome/bin/biome');

/** The document as it stands in docs/, in the one format that the checks accept. */
export function asyncapiText(): string {
  const args = [BIOME, 'format', '--stdin-file-path=docs/asyncapi.json'];
  return execFileSync(process.execPath, args, { input: JSON.stringify(asyncapiDocument(), null, 2), encoding: 'utf8' });
}
