/** What merchants are answered. */
import Type, { type Static } from 'typebox';
import { PROBLEMS, type Problem, WARNINGS, type Warning } from '../../commerce/drops/finding.ts';
import { DropDefinition, type DropPhase, phaseOf } from '../../contracts/drop.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import type { DropShelf, SellerDrop } from '../../db/queries/drops/seller-drops.ts';
import { Problem as ProblemDocument } from '../plugins/problems.ts';

const orNull = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const EpochMs = Type.Integer();

const finding = (codes: readonly string[]) =>
  Type.Object({
    field: Type.String(),
    code: Type.String({ description: codes.join(', ') }),
    message: Type.String({ description: 'A sentence with the figures.' }),
  });
const Problems = Type.Array(finding([...PROBLEMS, 'FIXED', 'NOT_EARLIER', 'LOBBY_OPEN']));
const Warnings = Type.Array(finding(WARNINGS));

export const Check = Type.Object({
  problems: Problems,
  warnings: Warnings,
});

/** A problem document that says of each field what is wrong with it. */
export const FindingsDocument = Type.Object({ ...ProblemDocument.properties, problems: Problems, warnings: Warnings });

/** The lists are there where fields were refused, and not where the whole drop takes no changes. */
export const RefusedDocument = Type.Object({
  ...ProblemDocument.properties,
  problems: Type.Optional(Problems),
  warnings: Type.Optional(Warnings),
});

const Shelf = Type.Object({
  sku: Type.String(),
  warehouseId: Type.String(),
  warehouse: Type.String(),
  units: Type.Integer({ description: 'Drawn when the drop was scheduled.' }),
  shipped: Type.Integer(),
  returned: Type.Integer({ description: 'Given back to the shelf at the end.' }),
});

const { state: _state, ...ofDefinition } = DropDefinition.properties;

export const SellerDropAnswer = Type.Object({
  ...ofDefinition,
  merchantId: Type.String(),
  state: Type.Union([Type.Literal('draft'), Type.Literal('scheduled'), Type.Literal('paused'), Type.Literal('ended')]),
  phase: orNull(Type.String(), 'before, lobby, live, paused or ended by the clock; null of a draft.'),
  createdAt: EpochMs,
  settledAt: orNull(EpochMs, 'When what was not sold went back to the shelves.'),
  publication: Type.Object({
    isPublished: Type.Boolean({ description: 'Whether all regions have the newest revision.' }),
    publishedRevision: Type.Integer(),
    waitingRegions: Type.Array(Type.String(), { description: 'Cannot be reached, and have an older revision.' }),
    trouble: orNull(Type.String(), 'What is in the way, in words.'),
  }),
});
export type SellerDropAnswer = Static<typeof SellerDropAnswer>;

export const WholeDropAnswer = Type.Object({
  ...SellerDropAnswer.properties,
  stock: Type.Array(Shelf),
  check: orNull(Check, 'Of a draft: what stands in the way of scheduling it now.'),
});
export type WholeDropAnswer = Static<typeof WholeDropAnswer>;

/** As wide as what merchants send: it may be what cannot be. */
const Plan = Type.Object(
  {
    ...{ title: Type.String(), currency: Type.String(), lobbyOpensAt: EpochMs, startsAt: EpochMs, endsAt: EpochMs },
    ...{ mode: DropDefinition.properties.mode, challenge: DropDefinition.properties.challenge },
    ...{ perShopperLimit: Type.Integer(), holdSeconds: Type.Integer(), passSeconds: Type.Integer() },
    admission: Type.Object({ perSecond: Type.Integer(), maxActive: Type.Integer() }),
    lanes: Type.Array(Type.Object({ name: Type.String(), weight: Type.Integer(), tier: Type.String() })),
    skus: Type.Array(
      Type.Object({
        ...{ sku: Type.String(), title: Type.String(), price: Type.Integer() },
        allocation: Type.Record(Type.String(), Type.Integer()),
      }),
    ),
  },
  { description: 'The drop with everything filled in that was not given.' },
);

export const CheckAnswer = Type.Object({
  ok: Type.Boolean({ description: 'Whether it could be scheduled now.' }),
  problems: Problems,
  warnings: Warnings,
  drop: Plan,
  draws: Type.Array(Type.Object({ sku: Type.String(), warehouse: Type.String(), units: Type.Integer() }), {
    description: 'From which shelves it would draw its units.',
  }),
});

export function sellerDropAnswer({ drop, publication }: SellerDrop, nowMs: number): SellerDropAnswer {
  const definition = publishedDefinition(drop);
  const phase: DropPhase | null = definition === undefined ? null : phaseOf(definition, nowMs);
  const { publishedRevision, waitingRegions, trouble, createdAt, settledAt } = publication;
  const isPublished = drop.state !== 'draft' && publishedRevision >= drop.revision;
  return {
    ...drop,
    ...{ phase, createdAt, settledAt },
    publication: { isPublished, publishedRevision, waitingRegions: [...waitingRegions], trouble },
  };
}

export interface Told {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

export function wholeDropAnswer(
  own: SellerDrop,
  more: { readonly stock: readonly DropShelf[]; readonly check: Told | null; readonly nowMs: number },
): WholeDropAnswer {
  const check = more.check === null ? null : told(more.check);
  return { ...sellerDropAnswer(own, more.nowMs), stock: more.stock.map((shelf) => ({ ...shelf })), check };
}

export function told({ problems, warnings }: Told) {
  return { problems: problems.map((one) => ({ ...one })), warnings: warnings.map((one) => ({ ...one })) };
}
