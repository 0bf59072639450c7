/**
 * What a call may look like and what an answer does is compiled when the first such call comes, not for all routes while the
 * store starts: that took 1.4 of the 2.9 s of CPU of a start. A schema that cannot be compiled would so be found by a shopper;
 * with `atStart` it is found before, in a test.
 */
import AjvCompiler from '@fastify/ajv-compiler';
import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import type { FastifySchemaCompiler } from 'fastify';
import type { StoreApp } from '../store-app.ts';

export function compileWhenNeeded(app: StoreApp, { atStart }: { readonly atStart: boolean }): void {
  // What a form does not have is refused, not dropped: a misspelt field would otherwise be lost in silence.
  const compileValidator = AjvCompiler()({}, { customOptions: { removeAdditional: false } });
  const compileSerializer = SerializerSelector()({}, {});
  const all: (() => unknown)[] = [];
  app.setValidatorCompiler((route) => {
    const compiled = once(() => compileValidator(route));
    all.push(compiled);
    const validate: ReturnType<FastifySchemaCompiler<unknown>> = (value: unknown) => {
      const run = compiled();
      const isValid = run(value) === true;
      validate.errors = run.errors ?? null;
      return isValid;
    };
    return validate;
  });
  app.setSerializerCompiler(({ schema, method, url, httpStatus = '' }) => {
    const compiled = once(() => compileSerializer({ schema, method, url, httpStatus }));
    all.push(compiled);
    return (value) => compiled()(value);
  });
  if (!atStart) return;
  app.addHook('onReady', async () => {
    for (const compiled of all) compiled();
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
