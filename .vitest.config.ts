import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Two projects: `unit` needs nothing, `server` gets a real PostgreSQL with a migrated template database.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'migrations/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'server',
          include: ['server/**/*.test.ts'],
          globalSetup: ['./server/db/template-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
