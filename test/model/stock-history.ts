/** Random histories of everything that can happen to stock: repeats, reorderings, crashes between two steps, races. */
import fc from 'fast-check';
import { REGIONS, type Region, SKUS, type Sku } from './stock-model.ts';

export type Step =
  | { readonly do: 'claim'; readonly claims: readonly ClaimChoice[] }
  | { readonly do: 'confirm' | 'release'; readonly claims: readonly number[] }
  | { readonly do: 'extend'; readonly claim: number; readonly byMs: number }
  | { readonly do: 'expire'; readonly region: Region; readonly most: number }
  | { readonly do: 'revoke'; readonly shopper: number; readonly pass: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'pause'; readonly paused: boolean }
  | { readonly do: 'allocate'; readonly region: Region }
  | { readonly do: 'transfer-out' | 'transfer-in' | 'transfer-close'; readonly transfer: number };

export interface ClaimChoice {
  readonly shopper: number;
  readonly key: number;
  readonly sku: Sku;
  readonly quantity: number;
  readonly holdMs: number;
  /** Which of the passes that the shopper got, one after the other. */
  readonly pass: number;
}

export interface TransferChoice {
  readonly sku: Sku;
  readonly units: number;
  readonly from: Region;
  readonly to: Region;
}

export interface History {
  readonly allocation: readonly number[];
  readonly limit: number;
  readonly transfers: readonly TransferChoice[];
  readonly steps: readonly Step[];
}

/** Few shoppers, keys, units and transfers, so that histories meet themselves. */
export const SHOPPERS = 4;
export const CLAIM_SLOTS = 8;
const TRANSFER_SLOTS = 3;

const region = fc.constantFrom(...REGIONS);
const sku = fc.constantFrom(...SKUS);
const claimSlot = fc.nat(CLAIM_SLOTS - 1);
const transferSlot = fc.nat(TRANSFER_SLOTS - 1);

const pass = fc.nat(2);

const claim: fc.Arbitrary<ClaimChoice> = fc.record({
  shopper: fc.nat(SHOPPERS - 1),
  key: fc.nat(2),
  sku,
  quantity: fc.integer({ min: 1, max: 3 }),
  holdMs: fc.constantFrom(10, 50, 100),
  pass,
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('claim'), claims: fc.array(claim, { minLength: 1, maxLength: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('confirm', 'release'),
      claims: fc.array(claimSlot, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('extend'), claim: claimSlot, byMs: fc.constantFrom(-50, 0, 30, 100, 500) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('expire'), region, most: fc.constantFrom(1, 2, 100) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke'), shopper: fc.nat(SHOPPERS - 1), pass }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 10, 60, 200) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause'), paused: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('allocate'), region }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('transfer-out', 'transfer-in', 'transfer-close'),
      transfer: transferSlot,
    }),
  },
);

const transfer: fc.Arbitrary<TransferChoice> = fc
  .record({ sku, units: fc.integer({ min: 1, max: 4 }), forward: fc.boolean() })
  .map(({ forward, ...rest }) => ({ ...rest, from: forward ? 'eu' : 'asia', to: forward ? 'asia' : 'eu' }));

export const history: fc.Arbitrary<History> = fc.record({
  allocation: fc.array(fc.nat(6), { minLength: REGIONS.length * SKUS.length, maxLength: REGIONS.length * SKUS.length }),
  limit: fc.integer({ min: 1, max: 6 }),
  transfers: fc.array(transfer, { minLength: TRANSFER_SLOTS, maxLength: TRANSFER_SLOTS }),
  steps: fc.array(step, { minLength: 12, maxLength: 30 }),
});
