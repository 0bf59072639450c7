/** Imported before the edge (`node --import`): what it loads as its claim path is slowed. `?ms=` says by how much. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { CLAIM_PATH, slowed } from './claim-path.ts';

const ms = Number(new URL(import.meta.url).searchParams.get('ms'));
if (!(ms > 0)) throw new Error('How many milliseconds?');
// Here rather than when it is loaded: an edge that never loads it would be measured as it is.
const source = slowed(readFileSync(fileURLToPath(CLAIM_PATH), 'utf8'), ms);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    return url === CLAIM_PATH ? { ...loaded, source } : loaded;
  },
});
