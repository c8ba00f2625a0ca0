import { defineConfig } from 'vitest/config';

/** Tests that kill, freeze or overload whole processes: apart from the others, which they would slow down. */
const faults = [
  'server/{crash,agent-crash,chat-crash,outage,overload,several-processes}.test.ts',
  'server/{chaos,db/embedded,engine/simulation}/*.test.ts',
  'server/engine/{crash,fault,takeover}.test.ts',
  'server/features/schedules/crash.test.ts',
  'server/socket/*.test.ts',
];

const withDatabase = {
  globalSetup: ['./server/db/template-setup.ts'],
  hookTimeout: 60_000,
  testTimeout: 30_000,
};

/** No test changes what is global, so the files share their worker's modules: loading them costs more than most run. */
const together = { maxWorkers: 2, isolate: false };

export default defineConfig({
  test: {
    // `unit` needs nothing; `server` and `fault` get a real PostgreSQL with a migrated template database.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'migrations/**/*.test.ts'],
          ...together,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: faults,
          ...together,
          sequence: { groupOrder: 0 },
          ...withDatabase,
        },
      },
      {
        test: {
          name: 'fault',
          include: faults,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...withDatabase,
        },
      },
    ],
  },
});
