
import { writeFileSync } from 'node:fs';
import { contract } from '#contract/contract.ts';
import { docsPage } from './docs.ts';
import { openApiDocument } from './openapi.ts';
import { prepare } from './operation.ts';
const h = Object.fromEntries(Object.entries(contract).map(([a, o]) => [a, Object.fromEntries(Object.keys(o).map((k) => [k, async () => null]))]));
const ops = prepare(contract as never, h);
writeFileSync('/tmp/pw/socket/docs.html', docsPage(ops, openApiDocument(ops, '0.1.0') as never, 'x'));
