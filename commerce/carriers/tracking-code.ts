/** Codes of the built-in carrier: DG, 18 digits that follow from the shipment, and two that check them. */
import { createHash } from 'node:crypto';

const DIGITS = 18;
const FORM = /^DG(?<digits>\d{18})(?<check>\d{2})$/;

/** The same code for the same shipment, so that a repeated call announces nothing new. */
export function trackingCodeOf(shipmentId: string): string {
  const hash = createHash('sha256').update(`tracking ${shipmentId}`).digest().readBigUInt64BE();
  const digits = (hash % 10n ** BigInt(DIGITS)).toString().padStart(DIGITS, '0');
  return `DG${digits}${checkDigits(digits)}`;
}

export function isTrackingCode(text: string): boolean {
  const { digits, check } = FORM.exec(text)?.groups ?? {};
  return digits !== undefined && checkDigits(digits) === check;
}

/** ISO 7064 MOD 97-10, as in an IBAN: finds every wrong digit and every two that were swapped. */
function checkDigits(digits: string): string {
  return (98n - ((BigInt(digits) * 100n) % 97n)).toString().padStart(2, '0');
}
