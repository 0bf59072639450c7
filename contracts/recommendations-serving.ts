/**
 * What serving recommendations keeps in Redis beside the model (recommendations.ts), in the same slot. All of it ends by
 * itself within days, and nothing of it is missed: it is made again from PostgreSQL, or only counted.
 */

export interface ServingKeys {
  /** What a shopper bought and looked at lately, as JSON. */
  history(shopperId: string): string;
  /** The products that a shopper was shown by an experiment, by time. */
  shown(experiment: string, shopperId: string): string;
  /** How far `trending` has come. */
  trendingState: string;
}

export function servingKeys(prefix: string): ServingKeys {
  const all = `${prefix}:{recommend}`;
  return {
    history: (shopperId) => `${all}:history:${shopperId}`,
    shown: (experiment, shopperId) => `${all}:shown:${experiment}:${shopperId}`,
    trendingState: `${all}:trending-state`,
  };
}
