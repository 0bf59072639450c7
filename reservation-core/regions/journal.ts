/**
 * The journal of a region as others read it. A field is a transfer (`out|open|sku|units|region`, `out|done|…`,
 * `in|sku|units|region`), what settled ones have moved (`sum|direction|region|sku` → units), or the id up to which there
 * can be no others (`mark|direction|region`).
 */
import type { Movement } from '../rebuild/known.ts';

export interface Transfer {
  readonly transferId: string;
  readonly sku: string;
  readonly units: number;
  readonly fromRegion: string;
  readonly toRegion: string;
}

export interface Journal {
  /** Left this region, and not noted as arrived. */
  readonly open: readonly Transfer[];
  /** Noted as arrived, by the region that they went to. */
  readonly done: ReadonlyMap<string, readonly string[]>;
  /** All that ever came in or went out; what was settled is one movement with the name of its sum. */
  readonly movements: readonly Movement[];
  /** By the other region. */
  readonly marks: { readonly out: ReadonlyMap<string, string>; readonly in: ReadonlyMap<string, string> };
  /** Transfers that stand here one by one. */
  readonly entries: number;
}

export function parseJournal(fields: Readonly<Record<string, string>>, region: string): Journal {
  const open: Transfer[] = [];
  const done = new Map<string, string[]>();
  const movements: Movement[] = [];
  const marks = { out: new Map<string, string>(), in: new Map<string, string>() };
  let entries = 0;
  for (const [name, value] of Object.entries(fields)) {
    const [kind, direction, other = '', sku = ''] = name.split('|');
    if (kind === 'mark') {
      marks[directionOf(direction, name)].set(other, value);
    } else if (kind === 'sum') {
      movements.push(movement(name, region, directionOf(direction, name), sku, value, other));
    } else {
      const entry = parseEntry(name, value, region);
      entries += 1;
      movements.push(entry);
      const { transferId, units, other: toRegion } = entry;
      if (value.startsWith('out|open|')) open.push({ transferId, sku: entry.sku, units, fromRegion: region, toRegion });
      if (value.startsWith('out|done|')) done.set(toRegion, [...(done.get(toRegion) ?? []), transferId]);
    }
  }
  return { open, done, movements, marks, entries };
}

/** The name of what a pair of regions has settled, as `of` has it. */
export function sumName({ direction, other, sku }: Pick<Movement, 'direction' | 'other' | 'sku'>): string {
  return `sum|${direction}|${other}|${sku}`;
}

export function isSum({ transferId }: Movement): boolean {
  return transferId.startsWith('sum|');
}

function parseEntry(transferId: string, entry: string, of: string): Movement {
  const [direction, ...rest] = entry.split('|');
  const [sku, units, other] = direction === 'out' ? rest.slice(1) : rest;
  if (sku === undefined || units === undefined || other === undefined) throw noEntry(of, `${transferId} ${entry}`);
  return movement(transferId, of, directionOf(direction, `${transferId} ${entry}`), sku, units, other);
}

function movement(
  transferId: string,
  of: string,
  direction: 'in' | 'out',
  sku: string,
  units: string,
  other: string,
): Movement {
  return { transferId, of, direction, sku, units: Number(units), other };
}

function directionOf(text: string | undefined, entry: string): 'in' | 'out' {
  if (text === 'in' || text === 'out') return text;
  throw noEntry('a region', entry);
}

function noEntry(region: string, entry: string): Error {
  return new Error(`The journal of ${region} has an entry that is none: ${entry}`);
}
