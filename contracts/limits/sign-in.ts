/** Sign-in at other providers (OIDC). */

export const SIGN_IN_LIMITS = {
  oidcProviders: 20,
  /** One call to a provider, in whole seconds. */
  oidcCallSeconds: 5,
  /** Tries to begin or end a sign-in of one address. */
  oidcPerAddress: { capacity: 60, refillPerSecond: 1 },
  returnToChars: 1_000,
  identitiesPerUser: 10,
} as const;

export const SIGN_IN_LIFETIMES = {
  /** How long somebody may take at the provider. */
  oidcStateMs: 600_000,
  /** How long the page has to exchange the code that it comes back with. */
  oidcCodeMs: 60_000,
  /** How long what a provider says about itself is believed. */
  oidcDiscoveryMs: 3_600_000,
  /** A provider that did not answer is left alone for this long. */
  oidcRestMs: 2_000,
} as const;
