/** What the program of a merchant may do with an API key: read or write in areas of the store, and nothing else. */
export const API_KEY_AREAS = ['catalog', 'inventory', 'orders', 'drops', 'promotions', 'analytics'] as const;
export type ApiKeyArea = (typeof API_KEY_AREAS)[number];
export type ApiKeyScope = `${ApiKeyArea}:${'read' | 'write'}`;

export const API_KEY_SCOPES: readonly ApiKeyScope[] = API_KEY_AREAS.flatMap((area): readonly ApiKeyScope[] => [
  `${area}:read`,
  `${area}:write`,
]);

export const API_KEY_PATTERN = /^dgk_[A-Za-z0-9_-]{43}$/;

/** What is read needs the one, what is changed the other; neither stands for both. */
export function scopeFor(area: ApiKeyArea, method: string): ApiKeyScope {
  return method === 'GET' || method === 'HEAD' ? `${area}:read` : `${area}:write`;
}
