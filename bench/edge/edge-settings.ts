/**
 * What the edges of the bench are set to besides their addresses; told in the report. As shipped, an edge counts nobody on
 * this machine's loopback. Here they are counted like strangers, so that what the limits cost is measured as well. No
 * limit has to be lifted for that: every shopper of the bench has a source address of their own.
 */
export const EDGE_SETTINGS: Readonly<Record<string, string>> = { EDGE_UNLIMITED: '::1' };

export function tellEdgeSettings(): string {
  return Object.entries(EDGE_SETTINGS)
    .map((pair) => pair.join('='))
    .join(' ');
}
