import { ConfigError } from '../../../platform/config/load.ts';
import { runService } from '../../../platform/service.ts';
import { createBox } from './box.ts';
import { startCatcher } from './catcher.ts';
import { startMailboxPage } from './http.ts';
import { createRefusals } from './refusals.ts';

/** The mail server of development: it delivers nothing, and shows what it caught. */
await runService(process, {
  name: 'mailbox',
  variables: ['LOCAL_SMTP_PORT', 'LOCAL_MAILBOX_PORT'],
  async start({ config, clock, log, onStop }) {
    if (config.NODE_ENV === 'production') {
      const message = 'The mailbox delivers nothing, so it does not run in production: set SMTP_URL to a mail server.';
      throw new ConfigError([{ variable: 'NODE_ENV', message }]);
    }
    const [box, refusals] = [createBox(), createRefusals()];
    const catcher = await startCatcher({ port: config.LOCAL_SMTP_PORT, box, refusals, clock, log });
    onStop('smtp', () => catcher.close());
    const page = await startMailboxPage({ port: config.LOCAL_MAILBOX_PORT, box, refusals, log });
    onStop('page', () => page.close());
    return { addresses: { smtp: `smtp://127.0.0.1:${catcher.port}`, mailbox: page.url } };
  },
});
