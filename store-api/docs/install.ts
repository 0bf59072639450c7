/** `/openapi.json` for programs, and `/docs` for people: all of it is served from here, nothing from elsewhere. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { EVERYBODY } from '../plugins/access.ts';
import type { StoreApp } from '../services.ts';
import { finishDocument } from './document.ts';

/** As strict as the pages of the documentation can live with; their styles are written into their elements. */
const CSP = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'object-src': "'none'",
  'frame-ancestors': "'none'",
};

/** Before who may call what is asked for: the pages of the documentation are for everybody. */
export async function installDocs(app: StoreApp): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dropgate store',
        version: '1',
        description: 'Times are epoch milliseconds, money is an integer of minor units, ids are UUIDv7.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      // So that the document is right behind whichever address it was read from.
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transformObject: (made) => finishDocument('openapiObject' in made ? made.openapiObject : made.swaggerObject),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CSP,
    uiConfig: { docExpansion: 'list', filter: true },
  });
}

export function documentRoute(app: StoreApp): void {
  app.get('/openapi.json', { config: { access: EVERYBODY }, schema: { hide: true } }, () => app.swagger());
}
