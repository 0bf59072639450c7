import type { NoticeValues } from '../../../contracts/notices.ts';
import type { Formats, Wording } from '../wording.ts';

const ABOUT_ORDER = 'You get this mail because of your order. You can turn off mails about orders in your preferences.';
const ABOUT_BUSINESS = 'You get this mail because you sell here.';
const ABOUT_REVIEW = 'You get this mail because of your review.';
const ABOUT_CART =
  'You get this mail because of the cart in your account. You can turn off reminders in your preferences.';
const ABOUT_REMINDER =
  'You get this mail because you asked to be reminded. You can turn off reminders in your preferences.';

/** Reasons of the history of orders; another one is not told. */
const CANCELLED: ReadonlyMap<string, string> = new Map([
  ['expired', 'It was not paid in time.'],
  ['declined', 'The payment was declined.'],
  ['cancelled', 'It was cancelled as you asked.'],
  ['blocked', 'Our checks did not let it through.'],
  ['rejected', 'Our checks did not let it through.'],
]);

const DECLINED: ReadonlyMap<string, string> = new Map([
  ['card_declined', 'The bank declined the card.'],
  ['insufficient_funds', 'The account does not have enough money.'],
  ['expired_card', 'The card has expired.'],
]);

const facts = (order: NoticeValues<'order-confirmed'>, { money }: Formats) =>
  [
    ['Order', order.orderId],
    ['Item', order.title],
    ['Quantity', String(order.quantity)],
    ['Total', money(order.total, order.currency)],
  ] as const;

/** What became of somebody's wish to sell here. */
const DECIDED = {
  approve: (name: string) => ({
    subject: `You can sell here now: ${name}`,
    heading: 'Welcome',
    text: 'Your application was accepted. Sign in again to begin.',
  }),
  decline: (name: string) => ({
    subject: `Your application was declined: ${name}`,
    heading: 'Your application was declined',
    text: 'You cannot sell here for now. You may apply again.',
  }),
  suspend: (name: string) => ({
    subject: `Your shop is suspended: ${name}`,
    heading: 'Your shop is suspended',
    text: 'What you sell is not shown any more. Orders that are paid are still to be sent.',
  }),
  reinstate: (name: string) => ({
    subject: `Your shop is open again: ${name}`,
    heading: 'Your shop is open again',
    text: 'What was on sale before is on sale again. Sign in again to go on.',
  }),
} as const;

export const en: Wording = {
  greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  unsubscribe: 'Unsubscribe from reminders',
  messages: {
    'order-confirmed': (order, formats) => ({
      subject: `Your order is confirmed: ${order.title}`,
      heading: 'Your order is confirmed',
      paragraphs: ['It is yours. We tell you when it is on its way.'],
      facts: facts(order, formats),
      footer: ABOUT_ORDER,
    }),
    'order-cancelled': (order, formats) => ({
      subject: `Your order was cancelled: ${order.title}`,
      heading: 'Your order was cancelled',
      paragraphs: [
        ...[CANCELLED.get(order.reason) ?? []].flat(),
        'If anything was charged for it, you get it back and we tell you.',
      ],
      facts: facts(order, formats),
      footer: ABOUT_ORDER,
    }),
    'payment-declined': (order, formats) => ({
      subject: `Your payment was declined: ${order.title}`,
      heading: 'Your payment was declined',
      paragraphs: [DECLINED.get(order.reason) ?? 'The payment did not go through.', 'You were not charged.'],
      facts: facts(order, formats),
      footer: ABOUT_ORDER,
    }),
    'payment-action': (payment, { time }) => ({
      subject: `Please confirm your payment: ${payment.title}`,
      heading: 'Please confirm your payment',
      paragraphs: [`Your bank wants you to confirm it. We hold your order until ${time(payment.until)}.`],
      facts: [
        ['Order', payment.orderId],
        ['Item', payment.title],
      ],
      action: { label: 'Confirm the payment', url: payment.actionUrl },
      footer: ABOUT_ORDER,
    }),
    'hold-expired': (hold) => ({
      subject: `Your time to pay is over: ${hold.title}`,
      heading: 'Your time to pay is over',
      paragraphs: ['Your order was not paid in time, so we gave it back. You were not charged.'],
      facts: [
        ['Order', hold.orderId],
        ['Item', hold.title],
        ['Quantity', String(hold.quantity)],
      ],
      footer: ABOUT_ORDER,
    }),
    'refund-done': (refund, { money }) => ({
      subject: `Your refund is on its way: ${refund.title}`,
      heading: 'Your refund is on its way',
      paragraphs: ['It goes the way you paid. Your bank may take a few days to show it.'],
      facts: [
        ['Order', refund.orderId],
        ['Item', refund.title],
        ['Amount', money(refund.amount, refund.currency)],
      ],
      footer: ABOUT_ORDER,
    }),
    'parcel-shipped': (parcel, { time }) => ({
      subject: `On its way: ${parcel.title}`,
      heading: 'Your parcel is on its way',
      paragraphs: parcel.parcels > 1 ? ['Your order comes in more than one parcel. This is one of them.'] : [],
      facts: [
        ['Order', parcel.orderId],
        ['Item', parcel.title],
        ...(parcel.parcels > 1 ? ([['Parcel', `${parcel.parcel} of ${parcel.parcels}`]] as const) : []),
        ['Carrier', parcel.carrier],
        ['Tracking code', parcel.trackingCode],
        ['Expected', `${time(parcel.expectedFrom)} – ${time(parcel.expectedUntil)}`],
      ],
      footer: ABOUT_ORDER,
    }),
    'order-delivered': (order, { time }) => ({
      subject: `Delivered: ${order.title}`,
      heading: 'Your order has arrived',
      paragraphs: [`If something is not right, you can return it until ${time(order.returnUntil)}.`],
      facts: [
        ['Order', order.orderId],
        ['Item', order.title],
      ],
      footer: ABOUT_ORDER,
    }),
    'return-decided': (answer, { money }) => ({
      subject: `${answer.decision === 'approved' ? 'Your return is approved' : 'Your return was declined'}: ${answer.title}`,
      heading: answer.decision === 'approved' ? 'Your return is approved' : 'Your return was declined',
      paragraphs: [
        ...(answer.decision === 'approved' ? ['Please send it back. When it has arrived, you get your money.'] : []),
        ...(answer.note === '' ? [] : [answer.note]),
      ],
      facts: [
        ['Order', answer.orderId],
        ['Item', answer.title],
        ...(answer.decision === 'approved' ? ([['Amount', money(answer.amount, answer.currency)]] as const) : []),
      ],
      footer: ABOUT_ORDER,
    }),
    'drop-reminder': (drop, { time }) => ({
      subject: `Soon: ${drop.title}`,
      heading: drop.title,
      paragraphs: ['The drop that you asked about is near. Be in the lobby before it starts.'],
      facts: [['Start', time(drop.startsAt)]],
      footer: ABOUT_REMINDER,
    }),
    'merchant-decision': ({ decision, name, note }) => ({
      ...DECIDED[decision](name),
      paragraphs: [DECIDED[decision](name).text, ...(note === '' ? [] : [`The shop says: ${note}`])],
      facts: [],
      footer: ABOUT_BUSINESS,
    }),
    'stock-alert': ({ sku, title, available, more }) => ({
      subject: available === 0 ? `Sold out: ${title}` : `Few left: ${title}`,
      heading: available === 0 ? 'Sold out' : 'Few are left',
      paragraphs: [
        'This is what is free over all warehouses. What is set aside for shoppers may come back.',
        ...(more === 0 ? [] : [`${more} more of your articles are low or sold out.`]),
      ],
      facts: [
        ['Item', title],
        ['SKU', sku],
        ['Left', String(available)],
      ],
      footer: ABOUT_BUSINESS,
    }),
    'review-decided': ({ title, decision, note }) => ({
      subject: decision === 'publish' ? `Your review is published: ${title}` : `Your review was rejected: ${title}`,
      heading: decision === 'publish' ? 'Your review is published' : 'Your review was rejected',
      paragraphs:
        decision === 'publish'
          ? ['We have read your review. Everybody can see it now. Thank you.']
          : [
              'We have read your review, and it is not shown.',
              ...(note === '' ? [] : [`The reason: ${note}`]),
              'You can change it: then we read it again.',
            ],
      facts: [['Item', title]],
      footer: ABOUT_REVIEW,
    }),
    'webhook-disabled': ({ host, failingSince }, { time }) => ({
      subject: `Your webhook is switched off: ${host}`,
      heading: 'Your webhook is switched off',
      paragraphs: [
        'Your system has not taken a single message since then, so we send it no more.',
        'When it is well again, switch the webhook on and have what it missed sent again.',
      ],
      facts: [
        ['Receiver', host],
        ['Failing since', time(failingSince)],
      ],
      footer: ABOUT_BUSINESS,
    }),
    'drop-sold-out': ({ title }) => ({
      subject: `Sold out: ${title}`,
      heading: 'Your drop is sold out',
      paragraphs: ['All of it is sold.'],
      facts: [['Drop', title]],
      footer: ABOUT_BUSINESS,
    }),
    'drop-ended': ({ title, sold, unsold }) => ({
      subject: `Your drop is over: ${title}`,
      heading: 'Your drop is over',
      paragraphs: ['Its books are closed. What was not sold is back on the shelves.'],
      facts: [
        ['Drop', title],
        ['Sold', String(sold)],
        ['Back on the shelves', String(unsold)],
      ],
      footer: ABOUT_BUSINESS,
    }),
    'cart-abandoned': (cart) => ({
      subject: `Still in your cart: ${cart.title}`,
      heading: 'Your cart is waiting',
      paragraphs: ['You left something in your cart. It is not set aside for you: others may buy it first.'],
      facts: [['Item', cart.title], ...(cart.items > 1 ? ([['And others', String(cart.items - 1)]] as const) : [])],
      footer: ABOUT_CART,
    }),
  },
};
