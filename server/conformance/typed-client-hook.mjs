import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// openapi-typescript prints its types with TypeScript 5's factory, which TypeScript 7 does not have: it is given the
// one that @ts-morph/common carries with it.
const common = createRequire(import.meta.url).resolve('@ts-morph/common');
const url = pathToFileURL(join(dirname(common), 'typescript.js')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript' ? { url, format: 'commonjs', shortCircuit: true } : next(specifier, context),
});
