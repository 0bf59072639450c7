/** What npm start runs on this machine; nothing in production reads them. */
import { orNothing, port, url } from '../kinds.ts';
import { host, path, variable } from './variable.ts';

export const LOCAL_VARIABLES = {
  DATA_DIR: variable({
    kind: path,
    fallback: '.dropgate',
    about: 'Data, logs and secrets of the local servers that npm start runs.',
  }),
  LOCAL_REDIS_PORT: variable({ kind: port(), fallback: '16379', about: 'Port of the local Redis of npm start.' }),
  LOCAL_KAFKA_PORT: variable({ kind: port(), fallback: '19092', about: 'Port of the local Kafka of npm start.' }),
  LOCAL_KAFKA_CONTROLLER_PORT: variable({
    kind: port(),
    fallback: '19093',
    about: 'Port of the controller of the local Kafka.',
  }),
  LOCAL_POSTGRES_PORT: variable({
    kind: port(),
    fallback: '15432',
    about: 'Port of the local PostgreSQL of npm start.',
  }),
  LOCAL_SMTP_PORT: variable({
    kind: port(),
    fallback: '11025',
    about: 'Port of the mail server of npm start, which delivers nothing and keeps the last mails to be looked at.',
  }),
  LOCAL_MAILBOX_PORT: variable({
    kind: port(),
    fallback: '11080',
    about: 'Port of the page that shows the mails of the local mail server.',
  }),
  LOCAL_GATEWAY_HOST: variable({
    kind: host,
    fallback: '127.0.0.1',
    about:
      'Where the local payment gateway listens. It is a toy that takes no real money: loopback, or inside a container.',
  }),
  LOCAL_GATEWAY_PORT: variable({
    kind: port(),
    fallback: '12111',
    about: 'Port of the local payment gateway of npm start, which stands in for Stripe.',
  }),
  LOCAL_GATEWAY_WEBHOOK_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    about: 'Where the local payment gateway sends its webhooks; npm start names its store. None unless set.',
  }),
} as const;
