import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { areValuesOf, renderNotice } from './render.ts';

const order = { orderId: newId(), title: 'Sneaker 42', quantity: 1, total: 1_234_567, currency: 'EUR' };
const confirmed = (values: Partial<typeof order>, language = 'en', name = '') =>
  renderNotice('order-confirmed', { ...order, ...values }, { name, language });

describe('a rendered notice', () => {
  it.each([
    ['en', 'EUR', '€12,345.67'],
    ['en-GB', 'JPY', 'JP¥1,234,567'],
    ['de', 'EUR', '12.345,67\u00a0€'],
    ['de-AT', 'EUR', '€\u00a012.345,67'],
    ['en', 'KWD', 'KWD\u00a01,234.567'],
    ['xx', 'USD', '$12,345.67'],
  ])('writes money in the way of %s: %s', (language, currency, money) => {
    expect(confirmed({ currency }, language).text).toContain(
      `Total: ${money}`.replace('Total', language.startsWith('de') ? 'Summe' : 'Total'),
    );
  });

  it.each(['en', 'de', 'de-AT', 'constructor', 'toString', ''])('is there for the language "%s"', (language) => {
    expect(confirmed({}, language).subject).toContain('Sneaker 42');
  });

  it('greets by name, or without one', () => {
    expect(confirmed({}, 'en', 'Ada').text).toContain('Hello Ada,');
    expect(confirmed({}, 'de').text).toContain('Guten Tag,');
  });

  it('keeps a title on one line and out of the HTML', () => {
    const { subject, text, html } = confirmed({ title: 'A\r\nB\u2028C <i>"&\'' }, 'en', '<x>');
    expect(subject).toBe('Your order is confirmed: A B C <i>"&\'');
    expect(text).toContain('Item: A B C <i>');
    expect(html).toContain('C &lt;i&gt;&quot;&amp;&#39;');
    expect(html).toContain('Hello &lt;x&gt;,');
  });

  it('names only reasons that it knows', () => {
    const cancelled = (reason: string) =>
      renderNotice('order-cancelled', { ...order, reason }, { name: '', language: 'en' }).text;
    expect(cancelled('expired')).toContain('not paid in time');
    for (const reason of ['<odd>', 'constructor', '']) expect(cancelled(reason)).not.toMatch(/odd|function|native/);
  });
});

describe('values', () => {
  it('have to be those of their notice', () => {
    expect(areValuesOf('order-confirmed', order)).toBe(true);
    expect(areValuesOf('order-confirmed', { ...order, more: 1 })).toBe(false);
    expect(areValuesOf('hold-expired', order)).toBe(false);
    const action = { orderId: order.orderId, title: 'x', until: 1 };
    expect(areValuesOf('payment-action', { ...action, actionUrl: 'https://bank.test/' })).toBe(true);
    expect(areValuesOf('payment-action', { ...action, actionUrl: 'javascript:alert(1)' })).toBe(false);
  });
});
