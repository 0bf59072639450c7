import type { NoticeValues } from '../../../contracts/notices.ts';
import type { Formats, Wording } from '../wording.ts';

const ABOUT_ORDER =
  'Sie erhalten diese E-Mail wegen Ihrer Bestellung. E-Mails zu Bestellungen können Sie in Ihren Einstellungen abschalten.';
const ABOUT_BUSINESS = 'Sie erhalten diese E-Mail, weil Sie hier verkaufen.';
const ABOUT_REVIEW = 'Sie erhalten diese E-Mail wegen Ihrer Bewertung.';
const ABOUT_CART =
  'Sie erhalten diese E-Mail wegen des Warenkorbs in Ihrem Konto. Erinnerungen können Sie in Ihren Einstellungen abschalten.';
const ABOUT_REMINDER =
  'Sie erhalten diese E-Mail, weil Sie erinnert werden wollten. Erinnerungen können Sie in Ihren Einstellungen abschalten.';

/** Reasons of the history of orders; another one is not told. */
const CANCELLED: ReadonlyMap<string, string> = new Map([
  ['expired', 'Sie wurde nicht rechtzeitig bezahlt.'],
  ['declined', 'Die Zahlung wurde abgelehnt.'],
  ['cancelled', 'Sie wurde auf Ihren Wunsch storniert.'],
  ['blocked', 'Unsere Prüfung hat sie nicht zugelassen.'],
  ['rejected', 'Unsere Prüfung hat sie nicht zugelassen.'],
]);

const DECLINED: ReadonlyMap<string, string> = new Map([
  ['card_declined', 'Die Bank hat die Karte abgelehnt.'],
  ['insufficient_funds', 'Das Konto ist nicht ausreichend gedeckt.'],
  ['expired_card', 'Die Karte ist abgelaufen.'],
]);

const facts = (order: NoticeValues<'order-confirmed'>, { money }: Formats) =>
  [
    ['Bestellung', order.orderId],
    ['Artikel', order.title],
    ['Anzahl', String(order.quantity)],
    ['Summe', money(order.total, order.currency)],
  ] as const;

/** Was aus dem Wunsch wurde, hier zu verkaufen. */
const DECIDED = {
  approve: (name: string) => ({
    subject: `Sie können jetzt hier verkaufen: ${name}`,
    heading: 'Willkommen',
    text: 'Ihr Antrag wurde angenommen. Melden Sie sich neu an, um zu beginnen.',
  }),
  decline: (name: string) => ({
    subject: `Ihr Antrag wurde abgelehnt: ${name}`,
    heading: 'Ihr Antrag wurde abgelehnt',
    text: 'Sie können hier vorerst nicht verkaufen. Sie dürfen es erneut beantragen.',
  }),
  suspend: (name: string) => ({
    subject: `Ihr Shop ist gesperrt: ${name}`,
    heading: 'Ihr Shop ist gesperrt',
    text: 'Ihre Artikel werden nicht mehr gezeigt. Bezahlte Bestellungen sind noch zu versenden.',
  }),
  reinstate: (name: string) => ({
    subject: `Ihr Shop ist wieder offen: ${name}`,
    heading: 'Ihr Shop ist wieder offen',
    text: 'Was vorher im Verkauf war, ist es wieder. Melden Sie sich neu an, um weiterzumachen.',
  }),
} as const;

export const de: Wording = {
  greeting: (name) => (name === '' ? 'Guten Tag,' : `Guten Tag ${name},`),
  unsubscribe: 'Erinnerungen abbestellen',
  messages: {
    'order-confirmed': (order, formats) => ({
      subject: `Ihre Bestellung ist bestätigt: ${order.title}`,
      heading: 'Ihre Bestellung ist bestätigt',
      paragraphs: ['Sie haben es bekommen. Wir melden uns, sobald die Sendung unterwegs ist.'],
      facts: facts(order, formats),
      footer: ABOUT_ORDER,
    }),
    'order-cancelled': (order, formats) => ({
      subject: `Ihre Bestellung wurde storniert: ${order.title}`,
      heading: 'Ihre Bestellung wurde storniert',
      paragraphs: [
        ...[CANCELLED.get(order.reason) ?? []].flat(),
        'Falls dafür etwas abgebucht wurde, erhalten Sie es zurück, und wir sagen Ihnen Bescheid.',
      ],
      facts: facts(order, formats),
      footer: ABOUT_ORDER,
    }),
    'payment-declined': (order, formats) => ({
      subject: `Ihre Zahlung wurde abgelehnt: ${order.title}`,
      heading: 'Ihre Zahlung wurde abgelehnt',
      paragraphs: [DECLINED.get(order.reason) ?? 'Die Zahlung kam nicht zustande.', 'Es wurde nichts abgebucht.'],
      facts: facts(order, formats),
      footer: ABOUT_ORDER,
    }),
    'payment-action': (payment, { time }) => ({
      subject: `Bitte bestätigen Sie Ihre Zahlung: ${payment.title}`,
      heading: 'Bitte bestätigen Sie Ihre Zahlung',
      paragraphs: [
        `Ihre Bank möchte, dass Sie die Zahlung bestätigen. Wir halten Ihre Bestellung bis ${time(payment.until)}.`,
      ],
      facts: [
        ['Bestellung', payment.orderId],
        ['Artikel', payment.title],
      ],
      action: { label: 'Zahlung bestätigen', url: payment.actionUrl },
      footer: ABOUT_ORDER,
    }),
    'hold-expired': (hold) => ({
      subject: `Ihre Zeit zum Bezahlen ist vorbei: ${hold.title}`,
      heading: 'Ihre Zeit zum Bezahlen ist vorbei',
      paragraphs: [
        'Ihre Bestellung wurde nicht rechtzeitig bezahlt, deshalb haben wir sie zurückgegeben. Es wurde nichts abgebucht.',
      ],
      facts: [
        ['Bestellung', hold.orderId],
        ['Artikel', hold.title],
        ['Anzahl', String(hold.quantity)],
      ],
      footer: ABOUT_ORDER,
    }),
    'refund-done': (refund, { money }) => ({
      subject: `Ihre Erstattung ist unterwegs: ${refund.title}`,
      heading: 'Ihre Erstattung ist unterwegs',
      paragraphs: [
        'Sie kommt auf dem Weg zurück, auf dem Sie bezahlt haben. Bei Ihrer Bank kann das einige Tage dauern.',
      ],
      facts: [
        ['Bestellung', refund.orderId],
        ['Artikel', refund.title],
        ['Betrag', money(refund.amount, refund.currency)],
      ],
      footer: ABOUT_ORDER,
    }),
    'parcel-shipped': (parcel, { time }) => ({
      subject: `Unterwegs: ${parcel.title}`,
      heading: 'Ihr Paket ist unterwegs',
      paragraphs: parcel.parcels > 1 ? ['Ihre Bestellung kommt in mehreren Paketen. Dies ist eines davon.'] : [],
      facts: [
        ['Bestellung', parcel.orderId],
        ['Artikel', parcel.title],
        ...(parcel.parcels > 1 ? ([['Paket', `${parcel.parcel} von ${parcel.parcels}`]] as const) : []),
        ['Zusteller', parcel.carrier],
        ['Sendungsnummer', parcel.trackingCode],
        ['Voraussichtlich', `${time(parcel.expectedFrom)} – ${time(parcel.expectedUntil)}`],
      ],
      footer: ABOUT_ORDER,
    }),
    'order-delivered': (order, { time }) => ({
      subject: `Zugestellt: ${order.title}`,
      heading: 'Ihre Bestellung ist angekommen',
      paragraphs: [`Wenn etwas nicht stimmt, können Sie bis ${time(order.returnUntil)} etwas zurückgeben.`],
      facts: [
        ['Bestellung', order.orderId],
        ['Artikel', order.title],
      ],
      footer: ABOUT_ORDER,
    }),
    'return-decided': (answer, { money }) => ({
      subject: `${answer.decision === 'approved' ? 'Ihre Rückgabe ist angenommen' : 'Ihre Rückgabe wurde abgelehnt'}: ${answer.title}`,
      heading: answer.decision === 'approved' ? 'Ihre Rückgabe ist angenommen' : 'Ihre Rückgabe wurde abgelehnt',
      paragraphs: [
        ...(answer.decision === 'approved'
          ? ['Bitte schicken Sie es zurück. Sobald es da ist, bekommen Sie Ihr Geld.']
          : []),
        ...(answer.note === '' ? [] : [answer.note]),
      ],
      facts: [
        ['Bestellung', answer.orderId],
        ['Artikel', answer.title],
        ...(answer.decision === 'approved' ? ([['Betrag', money(answer.amount, answer.currency)]] as const) : []),
      ],
      footer: ABOUT_ORDER,
    }),
    'drop-reminder': (drop, { time }) => ({
      subject: `Bald: ${drop.title}`,
      heading: drop.title,
      paragraphs: [
        'Der Drop, an den Sie erinnert werden wollten, steht bevor. Seien Sie in der Lobby, bevor er beginnt.',
      ],
      facts: [['Beginn', time(drop.startsAt)]],
      footer: ABOUT_REMINDER,
    }),
    'merchant-decision': ({ decision, name, note }) => ({
      ...DECIDED[decision](name),
      paragraphs: [DECIDED[decision](name).text, ...(note === '' ? [] : [`Dazu sagt der Shop: ${note}`])],
      facts: [],
      footer: ABOUT_BUSINESS,
    }),
    'stock-alert': ({ sku, title, available, more }) => ({
      subject: available === 0 ? `Ausverkauft: ${title}` : `Nur noch wenige: ${title}`,
      heading: available === 0 ? 'Ausverkauft' : 'Nur noch wenige sind da',
      paragraphs: [
        'So viel ist in allen Lagern zusammen noch frei. Was für Kunden zurückgelegt ist, kann wiederkommen.',
        ...(more === 0 ? [] : [`${more} weitere Ihrer Artikel sind knapp oder ausverkauft.`]),
      ],
      facts: [
        ['Artikel', title],
        ['SKU', sku],
        ['Noch da', String(available)],
      ],
      footer: ABOUT_BUSINESS,
    }),
    'review-decided': ({ title, decision, note }) => ({
      subject:
        decision === 'publish'
          ? `Ihre Bewertung ist veröffentlicht: ${title}`
          : `Ihre Bewertung wurde abgelehnt: ${title}`,
      heading: decision === 'publish' ? 'Ihre Bewertung ist veröffentlicht' : 'Ihre Bewertung wurde abgelehnt',
      paragraphs:
        decision === 'publish'
          ? ['Wir haben Ihre Bewertung gelesen. Sie ist jetzt für alle zu sehen. Vielen Dank.']
          : [
              'Wir haben Ihre Bewertung gelesen. Sie wird nicht gezeigt.',
              ...(note === '' ? [] : [`Der Grund: ${note}`]),
              'Sie können sie ändern: Dann lesen wir sie erneut.',
            ],
      facts: [['Artikel', title]],
      footer: ABOUT_REVIEW,
    }),
    'webhook-disabled': ({ host, failingSince }, { time }) => ({
      subject: `Ihr Webhook ist abgeschaltet: ${host}`,
      heading: 'Ihr Webhook ist abgeschaltet',
      paragraphs: [
        'Ihr System hat seither keine einzige Nachricht angenommen. Wir senden ihm deshalb keine mehr.',
        'Wenn es wieder läuft, schalten Sie den Webhook ein und lassen Sie sich Versäumtes noch einmal senden.',
      ],
      facts: [
        ['Empfänger', host],
        ['Gestört seit', time(failingSince)],
      ],
      footer: ABOUT_BUSINESS,
    }),
    'drop-sold-out': ({ title }) => ({
      subject: `Ausverkauft: ${title}`,
      heading: 'Ihr Drop ist ausverkauft',
      paragraphs: ['Alles ist verkauft.'],
      facts: [['Drop', title]],
      footer: ABOUT_BUSINESS,
    }),
    'drop-ended': ({ title, sold, unsold }) => ({
      subject: `Ihr Drop ist vorbei: ${title}`,
      heading: 'Ihr Drop ist vorbei',
      paragraphs: ['Er ist abgerechnet. Was nicht verkauft wurde, ist wieder im Lager.'],
      facts: [
        ['Drop', title],
        ['Verkauft', String(sold)],
        ['Zurück im Lager', String(unsold)],
      ],
      footer: ABOUT_BUSINESS,
    }),
    'cart-abandoned': (cart) => ({
      subject: `Noch in Ihrem Warenkorb: ${cart.title}`,
      heading: 'Ihr Warenkorb wartet',
      paragraphs: [
        'Sie haben etwas in Ihrem Warenkorb gelassen. Es ist nicht für Sie zurückgelegt: Andere können schneller sein.',
      ],
      facts: [['Artikel', cart.title], ...(cart.items > 1 ? ([['Und weitere', String(cart.items - 1)]] as const) : [])],
      footer: ABOUT_CART,
    }),
  },
};
