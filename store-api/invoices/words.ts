/** What an invoice says in each language. A language more is a further entry here. */
import type { PaymentKind } from '../../contracts/orders/payments.ts';

export interface InvoiceWords {
  /** For dates. */
  readonly locale: string;
  readonly decimal: '.' | ',';
  readonly invoice: string;
  readonly issued: string;
  readonly order: string;
  readonly placed: string;
  readonly soldBy: string;
  readonly billedTo: string;
  readonly taxNumber: string;
  readonly item: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discount: string;
  readonly amount: string;
  readonly goods: string;
  readonly shipping: string;
  readonly total: string;
  readonly tax: string;
  readonly taxInside: string;
  readonly rate: string;
  readonly net: string;
  readonly gross: string;
  readonly paid: Readonly<Record<PaymentKind | 'other', string>>;
  readonly refunded: string;
  readonly page: (page: number, pages: number) => string;
  readonly replaced: string;
}

const en: InvoiceWords = {
  ...{ locale: 'en-GB', decimal: '.', invoice: 'Invoice', issued: 'Issued', order: 'Order', placed: 'Ordered' },
  ...{ soldBy: 'Sold by', billedTo: 'Billed to', taxNumber: 'Tax number', item: 'Item', quantity: 'Quantity' },
  ...{ unitPrice: 'Unit price', discount: 'Discount', amount: 'Amount', goods: 'Goods', shipping: 'Shipping' },
  ...{ total: 'Total', tax: 'Tax', taxInside: 'Tax inside the total', rate: 'Rate', net: 'Net', gross: 'Gross' },
  paid: { card: 'Paid by card', wallet: 'Paid from the wallet', cod: 'Cash on delivery', other: 'Paid' },
  refunded: 'Refunded',
  page: (page, pages) => `Page ${page} of ${pages}`,
  replaced:
    'Letters that the font of this document does not have were replaced by the nearest ones, or by their Unicode numbers in brackets.',
};

const de: InvoiceWords = {
  ...{ locale: 'de-DE', decimal: ',', invoice: 'Rechnung', issued: 'Ausgestellt', order: 'Bestellung' },
  ...{ placed: 'Bestellt', soldBy: 'Verkauft von', billedTo: 'Rechnung an', taxNumber: 'Steuernummer' },
  ...{ item: 'Artikel', quantity: 'Anzahl', unitPrice: 'Einzelpreis', discount: 'Rabatt', amount: 'Betrag' },
  ...{
    goods: 'Waren',
    shipping: 'Versand',
    total: 'Summe',
    tax: 'Steuer',
    taxInside: 'In der Summe enthaltene Steuer',
  },
  ...{ rate: 'Satz', net: 'Netto', gross: 'Brutto', refunded: 'Erstattet' },
  paid: { card: 'Bezahlt mit Karte', wallet: 'Bezahlt aus dem Guthaben', cod: 'Nachnahme', other: 'Bezahlt' },
  page: (page, pages) => `Seite ${page} von ${pages}`,
  replaced:
    'Zeichen, die die Schrift dieses Dokuments nicht hat, wurden durch die nächsten ersetzt oder durch ihre Unicode-Nummern in Klammern.',
};

const LANGUAGES: ReadonlyMap<string, InvoiceWords> = new Map([
  ['en', en],
  ['de', de],
]);
export const INVOICE_LANGUAGES: readonly string[] = [...LANGUAGES.keys()];

/** `de-AT` gets the words of `de`; a language that there is not gets English. */
export function wordsOf(tag: string | null): InvoiceWords {
  return LANGUAGES.get(tag?.split('-', 1)[0] ?? '') ?? en;
}
