import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Each worker starts a Pipewright with a database of its own, so the number of workers is bounded by the machine.
  fullyParallel: false,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    // Recording slows every test down; `--trace on` for whoever wants to look at one.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      // `npm test` finds (or installs) a Chromium and passes its path on.
      executablePath: process.env['PIPEWRIGHT_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        // Only pages of this checkout are visited, and root has no sandbox.
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
