// Who may import whom. The rules judge resolved files, so no spelling of a path evades them, and
// server/launch/boundaries.test.ts plants one violation of each to prove that the tool still sees.

const tests = '\\.test\\.tsx?$|/test-[^/]+\\.ts$|-fixture\\.ts$';

// dependency-cruiser reads TypeScript with a forgiving parser, because it cannot use TypeScript 7: where it takes a
// word "import" in a text or a name for a statement, it reports this sign. That it misses no real import is proved in
// boundaries.test.ts against an exact parser.
const guesswork = '^✖$';

/** The files matching `from` may import what matches one of `allowed`, and nothing else. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { pathNot: [...allowed, guesswork] },
});

/** The files matching `from` (except `exempt`) may not import `to`. */
const never = (name, from, to, exempt = []) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: exempt },
  to: typeof to === 'string' ? { path: to } : to,
});

const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
const react = npm('react', '@types/react', 'react-dom', '@types/react-dom');

/** What opens connections; `node:http` stays free, because the server listens with it. */
const outbound = `^(node:)?(net|tls|dgram|http2)$|${npm('undici', 'nodemailer')}`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    // A specifier that resolves to nothing would slip through every other rule.
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: guesswork },
    },

    only('domain', '^src/domain/', ['^src/domain/', npm('zod', 'liquidjs', 're2js', 'croner')]),
    only('contract', '^src/contract/', ['^src/(domain|contract)/', npm('zod', '@trpc')]),
    only(
      'node-kind',
      '^src/nodes/([^/]+)/',
      [
        '^src/domain/',
        '^src/nodes/$1/',
        npm('zod', 'fast-xml-parser', 'luxon', '@types/luxon', 'papaparse', '@types/papaparse'),
      ].concat('^src/ui/', react),
    ),
    never('node-panel', '^src/nodes/[^/]+/(definition|executor)\\.ts$', ['^src/ui/', react].join('|')),
    only('definitions', '^src/nodes/[^/]+\\.ts$', [
      '^src/nodes/[^/]+/definition\\.ts$',
      '^src/nodes/[^/]+\\.ts$',
      '^src/domain/',
      npm('zod'),
    ]),
    only('ui', '^src/ui/', [
      '^src/ui/',
      react,
      npm('@base-ui', 'class-variance-authority', 'clsx', 'cmdk', 'lucide-react', 'next-themes', 'sonner'),
      npm('tailwind-merge', '@codemirror', '@lezer'),
    ]),
    never('client', '^src/client/', '^src/(?!(client|domain|contract)/)', tests),
    never('editor', '^src/editor/', '^src/(app|features)/|^src/nodes/[^/]+/(?!panel\\.tsx$)', tests),
    never('features', '^src/features/', '^src/app/|^src/nodes/[^/]+/', tests),
    {
      name: 'feature-island',
      severity: 'error',
      from: { path: '^(src|server)/features/([^/]+)/', pathNot: tests },
      to: { path: '^$1/features/[^/]+/', pathNot: '^$1/features/$2/' },
    },
    never('browser', '^src/', '^(server|migrations|e2e)/'),
    // Executors may carry server-only weight, so nothing the browser bundles may reach them.
    {
      name: 'executor',
      severity: 'error',
      from: { pathNot: ['^server/engine/', '^src/nodes/[^/]+/', tests] },
      to: { path: '^src/nodes/[^/]+/executor\\.ts$' },
    },
    never('server', '^server/', '^src/(app|client|editor|features|ui)/'),
    never('engine', '^server/engine/', '^src/contract/|^server/(features|http|socket)/', tests),
    // History must not move with the code, so a migration knows nothing but the query builder.
    only('migration', '^migrations/', ['^migrations/', npm('kysely')]),
    only('e2e', '^e2e/', [
      '^e2e/',
      '^src/contract/',
      // The provider of models that answers by a script.
      '^server/model/[^/]+-fixture\\.ts$',
      npm('@playwright', 'playwright', 'playwright-core', 'otplib', 'ws', '@types/ws', '@types/node'),
      '^(node:)?(assert|child_process|crypto|events|fs|http|net|os|path|stream|timers|url|util)(/|$)',
    ]),

    // The rules of architecture stop here; those below keep dangerous modules where they are watched.
    never('child-process', '^(src|server)/', { path: '^(node:)?child_process$' }, [
      '^server/db/embedded/',
      '^server/code/python/',
      '^server/command/',
      '^server/launch/',
      '^server/bench/',
      tests,
    ]),
    never('vm', '^(src|server|migrations|e2e)/', { path: '^(node:)?vm$' }),
    never('egress', '^(src|server)/', { path: outbound }, [
      '^server/egress/',
      // Sends over a connection that server/egress has dialled.
      '^server/mail/mailer\\.ts$',
      '^server/bench/',
      '^server/launch/[^/]+\\.mjs$',
      tests,
    ]),
    never('isomorphic', '^src/', { dependencyTypes: ['core'] }, [tests]),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)\\.next/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
