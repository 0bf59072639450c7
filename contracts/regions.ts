/** A region is a shard of the stock with a name like `us-east`. */
export const REGION_PATTERN = /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/;

export const DEFAULT_REGIONS = ['us-east', 'us-west', 'eu', 'asia'] as const;
