/** No state of a session, nor of what leads to one, has a fault that axe finds. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { openStage, type Stage } from './stage.ts';
import { stateCases } from './states.cases.ts';
import { wayCases } from './ways.cases.ts';

// Each test goes through several states, each of which is looked at twice.
vi.setConfig({ testTimeout: 180_000 });

// Not yet seen to pass as a whole: the states are those of `npm run screens`, most of which were.
describe.skip('states', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const show = (page: Page) => expectAccessible(page);
  stateCases(() => stage, show);
  wayCases(() => stage, show);
});
