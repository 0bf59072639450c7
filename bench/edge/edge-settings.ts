/**
 * What the edges of the bench are set to besides their addresses. Every shopper of the bench has a source address of their
 * own, so no limit per address has to be lifted for them; what is lifted all the same is named here and in the report.
 */
export const EDGE_SETTINGS: Readonly<Record<string, string>> = {};
