/** How many minor units make a major one (ISO 4217). All currencies that are not named here have two decimal places. */
const DECIMALS: Readonly<Record<string, number>> = {
  ...{ BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0 },
  ...{ VUV: 0, XAF: 0, XOF: 0, XPF: 0 },
  ...{ BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3 },
  ...{ CLF: 4, UYW: 4 },
};

const USUAL_DECIMALS = 2;

export function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? USUAL_DECIMALS;
}

/** Whole major units, such as a threshold of 1,000, in the minor units that amounts are kept in. */
export function minorOfMajor(major: number, currency: string): number {
  return major * 10 ** decimalsOf(currency);
}
