/** What the store can do without at its peak, for the operator to switch. Only what there is: a name here has an effect. */
export const FLAGS = {
  'personal-ranking': 'Searches put what their shopper likes a little earlier.',
  facets: 'Searches count their matches by category, brand, price and so on.',
  suggestions: 'Half-typed searches are completed.',
  recommendations: 'Shoppers are recommended what suits them; without it, what sells best, the same for all.',
  reviews: 'Products are shown with the texts of their reviews, not only with their stars.',
} as const;

export type FlagName = keyof typeof FLAGS;
export const FLAG_NAMES = Object.keys(FLAGS).filter(isFlagName);

export function isFlagName(text: string): text is FlagName {
  return Object.hasOwn(FLAGS, text);
}

/** `auto` is on, and off while the store is under pressure. */
export const FLAG_STATES = ['on', 'off', 'auto'] as const;
export type FlagState = (typeof FLAG_STATES)[number];
