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
}

export interface LineKeys {
  readonly terms: string;
  readonly line: string;
  readonly places: string;
  readonly waiting: string;
  readonly passes: string;
  readonly issued: string;
}

export interface Keys {
  /** The ids of all drops that are published. */
  readonly drops: string;
  definition(dropId: string): string;
  stock(dropId: string, region: string): StockKeys;
  line(dropId: string): LineKeys;
}

export function createKeys(prefix: string): Keys {
  return {
    drops: `${prefix}:drops`,
    definition: (dropId) => `${prefix}:{${dropId}}:definition`,
    stock(dropId, region) {
      const at = (name: string): string => `${prefix}:{${dropId}:${region}}:${name}`;
      return {
        terms: at('terms'),
        stock: at('stock'),
        holds: at('holds'),
        due: at('due'),
        answers: at('answers'),
        taken: at('taken'),
        outbox: at('outbox'),
      };
    },
    line(dropId) {
      const at = (name: string): string => `${prefix}:{${dropId}}:${name}`;
      return {
        terms: at('terms'),
        line: at('line'),
        places: at('places'),
        waiting: at('waiting'),
        passes: at('passes'),
        issued: at('issued'),
      };
    },
  };
}
