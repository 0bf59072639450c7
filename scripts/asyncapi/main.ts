import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncapiText } from './text.ts';

const usage = `node scripts/asyncapi/main.ts --check   exit 1 when docs/asyncapi.json is not what the contracts say
node scripts/asyncapi/main.ts --write   makes it anew
`;

const file = join(import.meta.dirname, '../../docs/asyncapi.json');
const [mode] = process.argv.slice(2);

if (mode === '--write') {
  await writeFile(file, asyncapiText());
} else if (mode === '--check') {
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found !== asyncapiText()) {
    process.stderr.write('docs/asyncapi.json is stale: node scripts/asyncapi/main.ts --write makes it anew\n');
    process.exitCode = 1;
  }
} else {
  process.stderr.write(usage);
  process.exitCode = mode === '--help' ? 0 : 2;
}
