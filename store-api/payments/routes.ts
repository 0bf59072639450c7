import { keepGuestWallets } from './guest-wallet.ts';
import { processPaymentRoute } from './process.ts';
import { refundPaymentRoute } from './refund.ts';
import { paymentStatusRoute } from './status.ts';
import { walletRoute } from './wallet.ts';

export const PAYMENT_ROUTES = [
  processPaymentRoute,
  paymentStatusRoute,
  refundPaymentRoute,
  walletRoute,
  keepGuestWallets,
] as const;
