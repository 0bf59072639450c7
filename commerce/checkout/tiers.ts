/** Who is served first where there is not enough for all, as data. A tier that is not named comes last, as do guests. */
const TIERS: readonly string[] = ['platinum', 'gold', 'premium'];

/** The lower, the earlier. */
export function rankOfTier(tier: string | undefined): number {
  const at = tier === undefined ? -1 : TIERS.indexOf(tier);
  return at === -1 ? TIERS.length : at;
}
