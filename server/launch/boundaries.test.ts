import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// A boundary tool that has gone blind reports nothing and exits with 0. So a small tree is planted in which every
// rule is broken exactly once, beside neighbours that keep it, and each fault must be reported.

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

interface Report {
  modules: { source: string; dependencies: { module: string }[] }[];
  summary: { violations: Violation[] };
}

/** Rule, file that breaks it, what it says. */
const planted: [rule: string, file: string, text: string][] = [
  // A ring is reported once, at its first file.
  ['no-circular', 'src/domain/ring-back.ts', "import './ring.ts';"],
  ['resolvable', 'src/domain/lost.ts', "import './nowhere.ts';"],
  [
    'domain',
    'src/domain/bad.ts',
    "import type { good } from '#contract/good.ts';\nexport type Good = typeof good;",
  ],
  ['contract', 'src/contract/bad.ts', "import '#client/good.ts';"],
  ['node-kind', 'src/nodes/alpha/bad.ts', "import '../beta/definition.ts';"],
  ['node-panel', 'src/nodes/beta/executor.ts', "import '#ui/good.ts';"],
  ['definitions', 'src/nodes/definitions.ts', "import './alpha/panel.tsx';"],
  ['ui', 'src/ui/bad.ts', "import '#domain/good.ts';"],
  ['client', 'src/client/bad.ts', "import '#ui/good.ts';"],
  ['editor', 'src/editor/bad.ts', "import '#features/one/good.ts';"],
  ['features', 'src/features/one/bad.ts', "import '../../nodes/alpha/panel.tsx';"],
  ['feature-island', 'src/features/two/bad.ts', "import '../one/good.ts';"],
  ['feature-island', 'server/features/two/bad.ts', "import '../one/good.ts';"],
  ['browser', 'src/app/bad.ts', "export const load = () => import('../../server/db/good.ts');"],
  ['executor', 'src/app/worse.ts', "import '#nodes/alpha/executor.ts';"],
  ['executor', 'server/http/bad.ts', "import '#nodes/alpha/executor.ts';"],
  ['server', 'server/db/bad.ts', "import '#ui/good.ts';"],
  ['engine', 'server/engine/bad.ts', "import '../features/one/good.ts';"],
  ['migration', 'migrations/bad.ts', "import '#server/db/good.ts';"],
  ['e2e', 'e2e/bad.ts', "import '#server/db/good.ts';"],
  ['child-process', 'server/http/worse.ts', "import 'node:child_process';"],
  ['vm', 'server/engine/worse.ts', "import 'vm';"],
  ['egress', 'server/engine/worst.ts', "import 'undici';"],
  ['egress', 'server/http/worst.ts', "import 'node:net';"],
  ['isomorphic', 'src/domain/worst.ts', "import 'node:crypto';"],
];

const good: [file: string, text: string][] = [
  ['src/domain/ring.ts', "import './ring-back.ts';"],
  ['src/domain/good.ts', "import { z } from 'zod';\nexport const good = z;"],
  ['src/contract/good.ts', "import '#domain/good.ts';\nexport const good = 1;"],
  ['src/nodes/alpha/definition.ts', "import '#domain/good.ts';"],
  ['src/nodes/alpha/executor.ts', "import './definition.ts';"],
  ['src/nodes/alpha/panel.tsx', "import 'react';\nimport '#ui/good.ts';"],
  ['src/nodes/beta/definition.ts', 'export {};'],
  ['src/ui/good.ts', "import 'react';"],
  ['src/client/good.ts', "import '#contract/good.ts';"],
  ['src/editor/good.ts', "import '#nodes/alpha/panel.tsx';\nimport '#client/good.ts';"],
  ['src/features/one/good.ts', "import '#client/good.ts';\nimport '#ui/good.ts';"],
  ['src/app/good.ts', "import '#features/one/good.ts';"],
  ['server/db/good.ts', "import 'kysely';"],
  ['server/db/embedded/good.ts', "import 'node:child_process';"],
  ['server/egress/good.ts', "import 'undici';\nimport 'node:net';"],
  ['server/engine/good.ts', "import '#nodes/alpha/executor.ts';"],
  ['server/features/one/good.ts', "import '../../engine/good.ts';"],
  ['migrations/good.ts', "import 'kysely';"],
  ['e2e/good.ts', "import '@playwright/test';\nimport '#contract/good.ts';"],
];

function cruise(directory: string): Promise<Report> {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const args = [program, '--config', config, '--output-type', 'json', 'src', 'server', 'migrations', 'e2e'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: directory, maxBuffer: 2 ** 28 }, (error, stdout) => {
      if (stdout === '') reject(error ?? new Error('no report'));
      else resolve(JSON.parse(stdout) as Report);
    });
  });
}

async function plant(directory: string): Promise<void> {
  for (const [file, text] of [...good, ...planted.map(([, path, content]) => [path, content] as const)]) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
  await copyFile(join(root, 'package.json'), join(directory, 'package.json'));
  await copyFile(join(root, 'tsconfig.json'), join(directory, 'tsconfig.json'));
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
}

describe('the planted tree', () => {
  let directory = '';
  let violations: Violation[] = [];

  beforeAll(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'boundaries-')));
    await plant(directory);
    violations = (await cruise(directory)).summary.violations;
  });
  afterAll(() => rm(directory, { recursive: true }));

  test.each(planted)('%s is reported for %s', (rule, file) => {
    expect(violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(
      rule,
    );
  });

  test('files that keep the rules are not reported', () => {
    const innocent = good.map(([file]) => file).filter((file) => file !== 'src/domain/ring.ts');
    expect(violations.filter(({ from }) => innocent.includes(from))).toEqual([]);
  });

  test('every rule of the configuration is planted here', async () => {
    const configuration = (await import(join(root, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    const names = configuration.default.forbidden.map(({ name }) => name);
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(names));
  });
});

describe('in the real tree', () => {
  let modules: Report['modules'] = [];
  beforeAll(async () => {
    modules = (await cruise(root)).modules.filter(({ source }) =>
      /^(src|server|migrations|e2e)\//.test(source),
    );
  });

  test('hundreds of files are read', () => {
    expect(modules.length).toBeGreaterThan(300);
  });

  test('no import that an exact parser finds is missed', async () => {
    const missed: string[] = [];
    for (const { source, dependencies } of modules) {
      // Node's own modules are reported without their prefix.
      const seen = new Set(dependencies.map(({ module }) => module));
      const imports = importsOf(source, await readFile(join(root, source), 'utf8'));
      missed.push(
        ...imports
          .filter((name) => !seen.has(name.replace(/^node:/, '')))
          .map((name) => `${source}: ${name}`),
      );
    }
    expect(missed).toEqual([]);
  });
});

/** Every module named by an import, a re-export or an `import()` of a plain text. */
function importsOf(file: string, text: string): string[] {
  const { module } = parseSync(file, text);
  const static_ = module.staticImports.map(({ moduleRequest }) => moduleRequest.value);
  const reexported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [moduleRequest.value])),
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    return /^(['"`])([^'"`$]+)\1$/.exec(text.slice(start, end))?.[2] ?? [];
  });
  return [...static_, ...reexported, ...dynamic];
}
