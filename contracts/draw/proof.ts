/** The proof of one entrant: in the list whose root was told before the draw, and at this place after it. */
import Type, { type Static } from 'typebox';
import { compareBytes, fromHex, toHex } from './bytes.ts';
import { CHUNK_ENTRANTS, type DrawnEntrant } from './chunk.ts';
import { ENTRANT_ID_PATTERN } from './entrant.ts';
import { entrantLeaf, placeLeaf } from './leaves.ts';
import { auditPath, HASH_BYTES, layersOf, rootOfPath } from './merkle.ts';

export const HASH_PATTERN = '^[0-9a-f]{64}$';
/** A tree of 2^32 leaves has no longer paths. */
const Path = Type.Array(Type.String({ pattern: HASH_PATTERN }), { maxItems: 32 });

export const DrawProof = Type.Object({
  entrantId: Type.String({ pattern: ENTRANT_ID_PATTERN, description: 'The public name of the ticket.' }),
  lane: Type.String(),
  nonce: Type.String({ description: 'As the entrant sent it.' }),
  place: Type.Integer({ minimum: 1, description: 'Within the lane.' }),
  index: Type.Integer({ minimum: 0, description: 'In the list of all entrants, sorted by entrantId.' }),
  entrants: Type.Integer({ minimum: 1 }),
  entrantPath: Path,
  placePath: Path,
});
export type DrawProof = Static<typeof DrawProof>;

/** Both trees above the roots of their chunks, and the entrants of the chunk that this one is in. */
export interface ProofSource {
  readonly entrants: number;
  readonly chunk: number;
  readonly drawn: readonly DrawnEntrant[];
  readonly entrantLayers: readonly Uint8Array[];
  readonly placeLayers: readonly Uint8Array[];
}

export function proofOf(entrantId: string, source: ProofSource): DrawProof | undefined {
  const id = fromHex(entrantId);
  const at = source.drawn.findIndex((entrant) => compareBytes(entrant.id, id) === 0);
  const entrant = source.drawn[at];
  if (entrant === undefined) return undefined;
  const path = (above: readonly Uint8Array[], leafOf: (entrant: DrawnEntrant) => Uint8Array): string[] =>
    [...auditPath(layersOf(joined(source.drawn.map(leafOf))), at), ...auditPath(above, source.chunk)].map(toHex);
  return {
    entrantId,
    lane: entrant.lane,
    nonce: entrant.nonce,
    place: entrant.place,
    index: source.chunk * CHUNK_ENTRANTS + at,
    entrants: source.entrants,
    entrantPath: path(source.entrantLayers, (one) =>
      entrantLeaf(one.id, Buffer.from(one.lane), Buffer.from(one.nonce)),
    ),
    placePath: path(source.placeLayers, (one) => placeLeaf(one.id, Buffer.from(one.lane), one.place)),
  };
}

/** What a proof claims that does not hold; nothing when all of it does. */
export function proofProblems(
  proof: DrawProof,
  told: { readonly root: string; readonly placesRoot: string; readonly entrants: number },
): string[] {
  const id = fromHex(proof.entrantId);
  const lane = Buffer.from(proof.lane);
  const leadsTo = (leaf: Uint8Array, path: readonly string[]): string | undefined => {
    const root = rootOfPath({ leaf, index: proof.index, leaves: told.entrants, path: path.map(fromHex) });
    return root === undefined ? undefined : toHex(root);
  };
  const problems: string[] = [];
  if (proof.entrants !== told.entrants) problems.push(`the proof is for ${proof.entrants} entrants`);
  if (leadsTo(entrantLeaf(id, lane, Buffer.from(proof.nonce)), proof.entrantPath) !== told.root) {
    problems.push('its lane and nonce are not in the list whose root was told');
  }
  if (leadsTo(placeLeaf(id, lane, proof.place), proof.placePath) !== told.placesRoot) {
    problems.push('its place is not in the list of places');
  }
  return problems;
}

function joined(leaves: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(leaves.length * HASH_BYTES);
  leaves.forEach((leaf, at) => {
    all.set(leaf, at * HASH_BYTES);
  });
  return all;
}
