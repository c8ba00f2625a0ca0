import { expect, test } from './fixture.ts';

const PAGES = ['/', '/login', '/executions', '/settings/api-keys', '/no/such/page', '/docs'];
const NASTY =
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{ 7 }} javascript:alert(1)';

test('every page carries the headers that keep it to itself, each with a nonce of its own', async ({
  installation,
}) => {
  const nonces = new Set<string>();
  for (const path of PAGES) {
    const answer = await fetch(`${installation.url}${path}`, { headers: { accept: 'text/html' } });
    const policy = answer.headers.get('content-security-policy') ?? '';
    const html = await answer.text();
    expect(answer.headers.get('content-type'), path).toContain('text/html');
    for (const part of [
      "base-uri 'none'",
      "frame-ancestors 'none'",
      /default-src '(self|none)'/,
      /'nonce-/,
    ]) {
      expect(policy, path).toMatch(part);
    }
    expect(policy, path).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
    if (path !== '/docs') {
      expect(policy, path).toContain("object-src 'none'");
      expect(policy, path).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic'/);
    }
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(answer.headers.get('referrer-policy'), path).toBe('no-referrer');
    expect(answer.headers.get('permissions-policy'), path).toContain('camera=()');
    expect(answer.headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
    for (const name of ['x-powered-by', 'server', 'access-control-allow-origin']) {
      expect(answer.headers.get(name), path).toBeNull();
    }
    expect(html, path).not.toMatch(/\bat .*\.(ts|js):\d+/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag, path).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(PAGES.length);
});

test('other sites get no permission to read pages or the API', async ({ installation }) => {
  for (const path of ['/', '/api/v1/auth/setup-status', '/trpc/auth.setupStatus', '/health']) {
    for (const origin of ['https://evil.example', 'null']) {
      const answer = await fetch(`${installation.url}${path}`, { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin'), path).toBeNull();
    }
  }
});

test('the sources of the scripts are not handed out', async ({ installation }) => {
  const html = await (await fetch(`${installation.url}/login`)).text();
  const scripts = [...html.matchAll(/<script\b[^>]*src="([^"]+)"/g)].flatMap(([, src]) => src ?? []);
  expect(scripts.length).toBeGreaterThan(2);
  for (const src of scripts) {
    const answer = await fetch(`${installation.url}${src}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain('sourceMappingURL');
    expect((await fetch(`${installation.url}${src.split('?')[0]}.map`)).status).toBe(404);
  }
});

test('what people write is shown as text, and nothing breaks the policy', async ({ page, signedIn }) => {
  await page.addInitScript(() => {
    const told = window as unknown as { violations: string[] };
    told.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      told.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const cookies = { 'content-type': 'application/json', origin: signedIn.url };
  const made = await page.request.post(`${signedIn.url}/api/v1/workflows/`, {
    headers: cookies,
    data: { name: NASTY, slug: 'nasty', description: NASTY, tags: [NASTY.slice(0, 40)] },
  });
  expect(made.status()).toBe(201);
  for (const path of ['/workflows', '/workflows/nasty', '/settings/audit', '/executions', '/schedules']) {
    await page.goto(`${signedIn.url}${path}`);
    await page.waitForLoadState('networkidle');
    const found = await page.evaluate(() => {
      const told = window as unknown as { violations: string[]; hacked?: number };
      return { violations: told.violations, hacked: told.hacked ?? 0 };
    });
    expect(found, path).toEqual({ violations: [], hacked: 0 });
  }
  await page.goto(`${signedIn.url}/workflows`);
  await expect(page.getByText(NASTY, { exact: true }).first()).toBeVisible();
});

test('a sign-in page never leads to another site', async ({ page, signedIn }) => {
  const { origin } = new URL(signedIn.url);
  const wishes = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
  ];
  for (const name of ['next', 'from', 'return', 'redirect']) {
    for (const wish of wishes) {
      await page.goto(`${signedIn.url}/login?${name}=${encodeURIComponent(wish)}`);
      await page.waitForLoadState('networkidle');
      expect(new URL(page.url()).origin, `${name}=${wish}`).toBe(origin);
    }
  }
});
