/**
 * Every Redis key of stock, line and admission, made here and nowhere else.
 * What one script touches shares one hash tag: stock by (drop, region), so that a region can live on its own Redis;
 * the line by drop, on the drop's home shard.
 */
export interface StockKeys {
  readonly terms: string;
  readonly stock: string;
  readonly holds: string;
  readonly due: string;
  readonly answers: string;
  readonly taken: string;
  readonly outbox: string;
  readonly journal: string;
  /** Units by sku that were refused because there were none; a hint for the rebalancer, no part of the ledger. */
  readonly refused: string;
  /** Where it is told which sku has units again where there were none. */
  readonly news: string;
}

export interface LineKeys {
  /** Also holds the published definition of the drop. */
  readonly terms: string;
  readonly line: string;
  readonly places: string;
  readonly waiting: string;
  readonly passes: string;
  readonly issued: string;
  /** Who came into the lobby, in their order: what the draw is made of. */
  readonly entrants: string;
  /** Who has a pass and was told that nothing is left where they claim. */
  readonly stalled: string;
  /** When each edge was last heard of. */
  readonly edges: string;
  /** Whose pass began and ended when: for whoever checks that the caps were kept. */
  readonly passLog: string;
  /** How often shoppers were refused, by code: for the merchant to see. */
  readonly refusals: string;
}

export interface Keys {
  /** The ids of all drops that are published. */
  readonly drops: string;
  /** Who moves stock between regions now, on the home shard; redis-semaphore puts `mutex:` before it. */
  readonly rebalanceLeader: string;
  /** Who draws now, who publishes and settles drops, and who reconciles, likewise. */
  readonly drawLeader: string;
  readonly dropsLeader: string;
  readonly reconcileLeader: string;
  /** Calls under way towards a payment provider; redis-semaphore puts `semaphore:` before it. */
  providerCalls(provider: string): string;
  /** What an account or an address may still do, over all edges; each on a slot of its own. */
  budget(of: 'account' | 'address', who: string): string;
  /** A challenge that was solved, until it would have expired. */
  spentProof(proofId: string): string;
  /** Of the news of all drops and regions, as PSUBSCRIBE takes it; and what such a channel is about. */
  readonly newsPattern: string;
  newsOf(channel: string): { readonly dropId: string; readonly region: string } | undefined;
  stock(dropId: string, region: string): StockKeys;
  line(dropId: string): LineKeys;
}

export function createKeys(prefix: string): Keys {
  return {
    drops: `${prefix}:drops`,
    rebalanceLeader: `${prefix}:rebalance-leader`,
    drawLeader: `${prefix}:draw-leader`,
    dropsLeader: `${prefix}:drops-leader`,
    reconcileLeader: `${prefix}:reconcile-leader`,
    providerCalls: (provider) => `${prefix}:{provider:${provider}}:calls`,
    budget: (of, who) => `${prefix}:{budget:${of}:${who}}`,
    spentProof: (proofId) => `${prefix}:{proof:${proofId}}`,
    newsPattern: `${prefix}:{*}:news`,
    newsOf(channel) {
      const { dropId, region } = /\{(?<dropId>[^:}]+):(?<region>[^}]+)\}:news$/.exec(channel)?.groups ?? {};
      return dropId === undefined || region === undefined ? undefined : { dropId, region };
    },
    stock(dropId, region) {
      const shard = `${prefix}:{${dropId}:${region}}`;
      return {
        terms: `${shard}:terms`,
        stock: `${shard}:stock`,
        holds: `${shard}:holds`,
        due: `${shard}:due`,
        answers: `${shard}:answers`,
        taken: `${shard}:taken`,
        outbox: `${shard}:outbox`,
        journal: `${shard}:journal`,
        refused: `${shard}:refused`,
        news: `${shard}:news`,
      };
    },
    line(dropId) {
      const home = `${prefix}:{${dropId}}`;
      return {
        terms: `${home}:terms`,
        line: `${home}:line`,
        places: `${home}:places`,
        waiting: `${home}:waiting`,
        passes: `${home}:passes`,
        issued: `${home}:issued`,
        entrants: `${home}:entrants`,
        stalled: `${home}:stalled`,
        edges: `${home}:edges`,
        passLog: `${home}:pass-log`,
        refusals: `${home}:refusals`,
      };
    },
  };
}
