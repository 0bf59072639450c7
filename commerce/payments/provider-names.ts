/** As payments.provider and the addresses of webhooks have them. */
export const PROVIDER_NAMES = { first: 'stripe', fallback: 'stripe-fallback' } as const;
