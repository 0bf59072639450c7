import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { createPassports } from './passport.ts';

const passports = createPassports('a secret of at least 32 characters');
const dropId = '019a3d5e-0000-7000-8000-0000000d0001';
const shopperId = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const pass = { dropId, shopperId, region: 'us-east', expiresAtMs: 1_800_000_000_000 };

describe('tickets and passes', () => {
  it('open as they were signed', () => {
    expect(passports.openTicket(passports.ticket({ dropId, shopperId }))).toEqual({ dropId, shopperId });
    expect(passports.openPass(passports.pass(pass))).toEqual(pass);
  });

  it('do not stand in for each other, nor open when changed, forged or cut', () => {
    const signed = passports.pass(pass);
    const forged = createPassports('another secret of 32 characters …').pass(pass);
    for (const text of [
      passports.ticket(pass),
      forged,
      signed.replace('us-east', 'us-west'),
      signed.slice(1),
      '',
      '.',
      'x',
    ]) {
      expect(passports.openPass(text)).toBeUndefined();
    }
    expect(passports.openTicket(signed)).toBeUndefined();
    expect(passports.openPass('x'.repeat(LIMITS.passChars + 1))).toBeUndefined();
  });
});
