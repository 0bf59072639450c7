/** What tells fraud: models, what is looked at to train them, and what makes a device suspicious. */

export const FRAUD_LIMITS = {
  /** Orders that one training looks at: the newest. */
  fraudTrainingOrders: 200_000,
  /** With fewer frauds than this nothing is learnt but chance. */
  fraudTrainingFrauds: 50,
  /** Orders in review that are counted: more is as many as nobody can look at. */
  reviewsCounted: 10_000,
  /** New accounts of one device, within `riskWindowMs`, from which on it is suspicious. */
  riskAccountsPerDevice: 5,
  /** Failed tries to pay of one shopper within it, and the different cards among them. */
  riskFailedPayments: 5,
  riskFailedCards: 3,
  /** Devices, and sessions of one of them, that one look counts. */
  riskDevicesPerLook: 500,
  riskSessionsPerDevice: 500,
  /** Tries to pay, and accounts of a device, that are counted to judge an order: more is not more suspicious. */
  fraudFactsCounted: 50,
} as const;

export const FRAUD_INTERVALS = {
  /** How often workers and stores look whether there is another model. */
  fraudModelEveryMs: 30_000,
  /** How often devices are looked at. */
  riskLookMs: 15_000,
} as const;

export const FRAUD_LIFETIMES = {
  /** How far back one looks for what makes a device suspicious, and how long it stays so. */
  riskWindowMs: 24 * 3_600_000,
  riskFlagMs: 7 * 24 * 3_600_000,
  /** How far back sessions of a device, tries to pay and earlier orders count when an order is judged. */
  fraudDeviceMs: 7 * 24 * 3_600_000,
  fraudTriesMs: 24 * 3_600_000,
  fraudOrdersMs: 365 * 24 * 3_600_000,
  /** An order that nobody complained about for this long was no fraud. */
  fraudMatureMs: 30 * 24 * 3_600_000,
} as const;
