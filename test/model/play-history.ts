/** Plays one history on Redis and on the model, and says where they first differ. */
import { isDeepStrictEqual } from 'node:util';
import { stockAllocate, stockAllocateScript } from '../../reservation-core/generated/stock-allocate.ts';
import { stockClaim, stockClaimScript } from '../../reservation-core/generated/stock-claim.ts';
import { stockConfirm, stockConfirmScript } from '../../reservation-core/generated/stock-confirm.ts';
import { stockExpire, stockExpireScript } from '../../reservation-core/generated/stock-expire.ts';
import { stockExtend, stockExtendScript } from '../../reservation-core/generated/stock-extend.ts';
import { stockRelease, stockReleaseScript } from '../../reservation-core/generated/stock-release.ts';
import { stockRevoke, stockRevokeScript } from '../../reservation-core/generated/stock-revoke.ts';
import { stockTransferClose, stockTransferCloseScript } from '../../reservation-core/generated/stock-transfer-close.ts';
import { stockTransferIn, stockTransferInScript } from '../../reservation-core/generated/stock-transfer-in.ts';
import { stockTransferOut, stockTransferOutScript } from '../../reservation-core/generated/stock-transfer-out.ts';
import { termsPublish, termsPublishScript } from '../../reservation-core/generated/terms-publish.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import type { ScriptRunner } from '../../reservation-core/script-runner.ts';
import { isBalanced, type StockLedger } from '../../reservation-core/stock.ts';
import { newId } from '../fixtures/drop.ts';
import { CLAIM_SLOTS, type ClaimChoice, type History, type Step } from './stock-history.ts';
import { type ClaimStep, REGIONS, type Region, type Reply, SKUS, StockModel } from './stock-model.ts';

export interface Stage {
  /** Sends what `send` sends in one piece: a write to the socket for each command is a third of what all of it costs. */
  atOnce<T>(send: () => T): T;
  readonly scripts: ScriptRunner;
  readonly keys: Keys;
  ledger(dropId: string, region: Region): Promise<ReadonlyMap<string, StockLedger>>;
}

/** What a history runs. */
export const SCRIPTS = [
  ...[stockAllocateScript, stockClaimScript, stockConfirmScript, stockExpireScript, stockExtendScript],
  ...[
    stockReleaseScript,
    stockRevokeScript,
    stockTransferCloseScript,
    stockTransferInScript,
    stockTransferOutScript,
    termsPublishScript,
  ],
];

interface Observation {
  readonly step: Step;
  readonly expected: readonly Reply[];
  readonly actual: Promise<readonly Reply[]>;
  readonly expectedLedgers: unknown;
  readonly actualLedgers: Promise<ReadonlyMap<string, StockLedger>[]>;
}

const START_MS = 1_800_000_000_000;

/**
 * The commands of a history are sent without waiting for each other, in their order, each followed by a look at the whole
 * ledger; the model says beforehand what every one of them has to answer. Undefined where all agree.
 */
export async function playHistory(stage: Stage, history: History): Promise<string | undefined> {
  const play = new Play(stage, history);
  await play.open();
  const observations = stage.atOnce(() => history.steps.map((step) => play.observe(step)));
  // Nothing of a history may run on into the next one, also when a script fails.
  await Promise.allSettled(observations.flatMap(({ actual, actualLedgers }) => [actual, actualLedgers]));
  for (const [at, observation] of observations.entries()) {
    const problem = await compare(observation);
    if (problem !== undefined) return `step ${at + 1} ${JSON.stringify(observation.step)}: ${problem}`;
  }
  return undefined;
}

async function compare(observation: Observation): Promise<string | undefined> {
  const actual = await observation.actual;
  if (!isDeepStrictEqual(actual, observation.expected))
    return `${show(actual)} instead of ${show(observation.expected)}`;
  const ledgers = await observation.actualLedgers;
  const counts = ledgers.map((bySku) => Object.fromEntries(bySku));
  for (const bySku of ledgers) {
    for (const [sku, ledger] of bySku) if (!isBalanced(ledger)) return `${sku} is out of balance: ${show(ledger)}`;
  }
  return isDeepStrictEqual(counts, observation.expectedLedgers)
    ? undefined
    : `the ledger is ${show(counts)} instead of ${show(observation.expectedLedgers)}`;
}

const show = (value: unknown): string => JSON.stringify(value);

class Play {
  readonly #stage: Stage;
  readonly #history: History;
  readonly #model: StockModel;
  readonly #dropId = newId();
  readonly #claims: ClaimStep[] = [];
  #nowMs = START_MS;
  #revision = 1;

  constructor(stage: Stage, history: History) {
    this.#stage = stage;
    this.#history = history;
    this.#model = new StockModel(
      new Map(REGIONS.map((region) => [region, new Map(SKUS.map((sku) => [sku, this.#unitsOf(region, sku)]))])),
      history.limit,
    );
  }

  async open(): Promise<void> {
    await Promise.all(REGIONS.flatMap((region) => [this.#allocate(region), this.#terms(region, 'scheduled')]));
  }

  observe(step: Step): Observation {
    const [expected, actual] = this.#take(step);
    return {
      step,
      expected,
      actual: Promise.resolve(actual),
      expectedLedgers: structuredClone(REGIONS.map((region) => this.#model.counts(region))),
      actualLedgers: Promise.all(REGIONS.map((region) => this.#stage.ledger(this.#dropId, region))),
    };
  }

  #take(step: Step): [readonly Reply[], readonly Reply[] | Promise<readonly Reply[]>] {
    switch (step.do) {
      case 'claim':
        return this.#claimAll(step.claims);
      case 'confirm':
      case 'release':
        return this.#end(step.do, step.claims);
      case 'extend':
        return this.#extend(step.claim, step.byMs);
      case 'expire':
        return this.#expire(step.region, step.most);
      case 'revoke':
        return this.#revoke(step.shopper, step.pass);
      case 'wait':
        this.#nowMs += step.ms;
        return [[], []];
      case 'pause':
        return this.#pause(step.paused);
      case 'allocate':
        return [[{ reply: 'REPLAYED' }], this.#allocate(step.region).then((reply) => [reply])];
      default:
        return this.#transfer(step.do, step.transfer);
    }
  }

  /** Shoppers claim where their home is; a call has the claims of one region. */
  #claimAll(choices: readonly ClaimChoice[]): [Reply[], Promise<readonly Reply[]>] {
    const region = homeOf(choices[0]?.shopper ?? 0);
    const claims = choices
      .filter(({ shopper }) => homeOf(shopper) === region)
      .map((choice) => this.#claimOf(choice, region));
    const rows = claims.map((claim) => ({ ...claim, unitPrice: 4_900, payment: '' }));
    const actual = stockClaim(this.#stage.scripts, this.#keys(region), { nowMs: this.#nowMs }, rows);
    return [this.#model.claim(region, claims), actual.then((replies) => replies.map(asReply))];
  }

  #claimOf({ shopper, key, sku, quantity, holdMs, pass }: ClaimChoice, region: Region): ClaimStep {
    const identity = { region, shopperId: `shopper-${shopper}`, key: `key-${key}` };
    const times = { holdUntilMs: this.#nowMs + holdMs, passUntilMs: endOfPass(pass), nowMs: this.#nowMs };
    const claim = { ...identity, sku, quantity, claimId: newId(), ...times };
    this.#claims.push(claim);
    return claim;
  }

  /** Steps meet the newest claims again and again; the last slot is a claim that nobody knows. */
  #slot(slot: number): ClaimStep | undefined {
    const newest = this.#claims.slice(-(CLAIM_SLOTS - 1));
    return slot === CLAIM_SLOTS - 1 ? undefined : newest[slot % newest.length];
  }

  #end(verb: 'confirm' | 'release', slots: readonly number[]): [Reply[], Promise<readonly Reply[]>] {
    const region = this.#slot(slots[0] ?? 0)?.region ?? 'eu';
    const claimIds = slots.map((slot) => this.#slot(slot)?.claimId ?? newId());
    const rows = claimIds.map((claimId) => ({ claimId }));
    const expected = claimIds.map((claimId) =>
      verb === 'confirm' ? this.#model.confirm(region, claimId) : this.#model.release(region, claimId, 'declined'),
    );
    const { scripts } = this.#stage;
    const actual: Promise<readonly { reply: string }[]> =
      verb === 'confirm'
        ? stockConfirm(scripts, this.#keys(region), rows)
        : stockRelease(scripts, this.#keys(region), { reason: 'declined' }, rows);
    return [expected, actual.then((replies) => replies.map(asReply))];
  }

  #extend(slot: number, byMs: number): [Reply[], Promise<readonly Reply[]>] {
    const claim = this.#slot(slot);
    const region = claim?.region ?? 'eu';
    const row = { claimId: claim?.claimId ?? newId(), untilMs: this.#nowMs + byMs };
    const actual = stockExtend(this.#stage.scripts, this.#keys(region), [row]);
    return [[this.#model.extend(region, row.claimId, row.untilMs)], actual.then((replies) => replies.map(asReply))];
  }

  #revoke(shopper: number, pass: number): [Reply[], Promise<readonly Reply[]>] {
    const region = homeOf(shopper);
    const row = { shopperId: `shopper-${shopper}`, passUntilMs: endOfPass(pass), nowMs: this.#nowMs };
    const actual = stockRevoke(this.#stage.scripts, this.#keys(region), [row]);
    return [
      [this.#model.revoke(region, row.shopperId, row.passUntilMs)],
      actual.then((replies) => replies.map(asReply)),
    ];
  }

  #expire(region: Region, most: number): [Reply[], Promise<readonly Reply[]>] {
    const actual = stockExpire(this.#stage.scripts, this.#keys(region), { nowMs: this.#nowMs, most });
    return [[this.#model.expire(region, this.#nowMs, most)], actual.then((reply) => [asReply(reply)])];
  }

  #pause(paused: boolean): [Reply[], Promise<readonly Reply[]>] {
    this.#revision += 1;
    this.#model.pause(paused);
    const published = REGIONS.map((region) => this.#terms(region, paused ? 'paused' : 'scheduled'));
    return [REGIONS.map(() => ({ reply: 'PUBLISHED' })), Promise.all(published)];
  }

  #transfer(verb: Step['do'], slot: number): [Reply[], Promise<readonly Reply[]> | readonly Reply[]] {
    const choice = this.#history.transfers[slot];
    if (choice === undefined) return [[], []];
    const { sku, units, from, to } = choice;
    const { scripts } = this.#stage;
    const transferId = `transfer-${slot}`;
    if (verb === 'transfer-out') {
      const actual = stockTransferOut(scripts, this.#keys(from), { transferId, sku, units, toRegion: to });
      return [[this.#model.transferOut(transferId, sku, units, from, to)], actual.then((reply) => [asReply(reply)])];
    }
    // Nobody receives what nobody sent: a leader reads the journal, or has sent it.
    if (!this.#model.wasSent(transferId, sku, units, from, to)) return [[], []];
    if (verb === 'transfer-close') {
      const actual = stockTransferClose(scripts, this.#keys(from), { transferId });
      return [[this.#model.transferClose(transferId, from)], actual.then((reply) => [asReply(reply)])];
    }
    const actual = stockTransferIn(scripts, this.#keys(to), { transferId, sku, units, fromRegion: from });
    return [[this.#model.transferIn(transferId, sku, units, from, to)], actual.then((reply) => [asReply(reply)])];
  }

  #keys(region: Region) {
    return this.#stage.keys.stock(this.#dropId, region);
  }

  #unitsOf(region: Region, sku: (typeof SKUS)[number]): number {
    return this.#history.allocation[REGIONS.indexOf(region) * SKUS.length + SKUS.indexOf(sku)] ?? 0;
  }

  async #allocate(region: Region): Promise<Reply> {
    const rows = SKUS.map((sku) => ({ sku, units: this.#unitsOf(region, sku) }));
    return asReply(await stockAllocate(this.#stage.scripts, this.#keys(region), { allocationId: 'first' }, rows));
  }

  async #terms(region: Region, state: string): Promise<Reply> {
    const times = { lobbyOpensAt: 0, startsAt: 0, endsAt: START_MS * 2 };
    const rows = Object.entries({ state, ...times, perShopperLimit: this.#history.limit });
    const terms = rows.map(([field, value]) => ({ field, value: String(value) }));
    return asReply(await termsPublish(this.#stage.scripts, this.#keys(region), { revision: this.#revision }, terms));
  }
}

function homeOf(shopper: number): Region {
  return shopper % 2 === 0 ? 'eu' : 'asia';
}

function endOfPass(pass: number): number {
  return START_MS + 100 + pass * 400;
}

function asReply(reply: { readonly reply: string }): Reply {
  return { ...reply };
}
