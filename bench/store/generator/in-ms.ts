const US_PER_MS = 1_000;

/** To a tenth. */
export const inMs = (us: number): number => Math.round((us * 10) / US_PER_MS) / 10;
