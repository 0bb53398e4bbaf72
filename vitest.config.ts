import { defineConfig } from 'vitest/config';
import swc from 'unplugin-swc';

/**
 * Tiers, fast ones first (docs/contributing.md). A file's ending says what it needs:
 * `x.test.ts` nothing · `x.db.test.ts` Postgres · `x.temporal.test.ts` Temporal and Postgres · `x.clock.test.ts` the
 * same, and nobody beside it · `x.engine.test.ts` a Docker engine with our images · `x.browser.test.ts` a browser, Temporal and Postgres · `test/sessions/*.test.ts` a whole installation.
 */
const everywhere = ['{apps,libs,activities,workflows,scripts,test}/**/'];
const pattern = (ending: string) => everywhere.map((folder) => `${folder}*${ending}`);
const skip = ['**/node_modules/**', '**/dist/**'];
/** Starts nothing by itself: the first test that asks for a service does (test/support/src/services.ts). */
const globalSetup = ['./test/support/src/global-setup.ts'];
const services = [
  '**/*.db.test.ts',
  '**/*.temporal.test.ts',
  '**/*.clock.test.ts',
  '**/*.engine.test.ts',
  '**/*.browser.test.ts',
  '**/*.full.test.ts',
  'test/sessions/**',
  'test/full/**',
];

export default defineConfig({
  plugins: [
    swc.vite({
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2024',
      },
    }),
  ],
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: pattern('.test.ts'), exclude: [...skip, ...services] } },
      {
        extends: true,
        test: { name: 'db', globalSetup, include: pattern('.db.test.ts'), exclude: skip, testTimeout: 30_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'temporal',
          globalSetup,
          include: pattern('.temporal.test.ts'),
          exclude: skip,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'clock',
          globalSetup,
          include: pattern('.clock.test.ts'),
          exclude: skip,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // What is promised to the second: other tests would take the processor from it.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          globalSetup: [...globalSetup, './test/browser/web.setup.ts'],
          include: pattern('.browser.test.ts'),
          exclude: skip,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // No test: `npm run screens`.
        extends: true,
        test: {
          name: 'screens',
          globalSetup: [...globalSetup, './test/browser/web.setup.ts', './test/browser/screens.setup.ts'],
          include: ['test/browser/*screens.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          globalSetup,
          include: pattern('.engine.test.ts'),
          exclude: skip,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'sessions',
          globalSetup: [...globalSetup, './test/sessions/installation.setup.ts'],
          include: ['test/sessions/**/*.test.ts'],
          exclude: skip,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        // Not of `npm test`: `npm run test:full`.
        extends: true,
        test: {
          name: 'full',
          globalSetup: [...globalSetup, './test/sessions/installation.setup.ts'],
          include: ['test/full/**/*.test.ts', ...pattern('.full.test.ts')],
          exclude: skip,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
