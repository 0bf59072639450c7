import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderEnvExample } from './render.ts';

const usage = `node scripts/env-example/main.ts --check   exit 1 when .env.example is not what the variables say
node scripts/env-example/main.ts --write   makes it anew
`;

const file = join(import.meta.dirname, '../../.env.example');
const [mode] = process.argv.slice(2);

if (mode === '--write') {
  await writeFile(file, renderEnvExample());
} else if (mode === '--check') {
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found !== renderEnvExample()) {
    process.stderr.write('.env.example is stale: node scripts/env-example/main.ts --write makes it anew\n');
    process.exitCode = 1;
  }
} else {
  process.stderr.write(usage);
  process.exitCode = mode === '--help' ? 0 : 2;
}
