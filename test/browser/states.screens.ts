/** `npm run screens`: each state of a session, and what leads to one. */
import { afterAll, beforeAll } from 'vitest';
import { shoot } from './shoot.ts';
import { openStage, type Stage } from './stage.ts';
import { stateCases } from './states.cases.ts';
import { wayCases } from './ways.cases.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

stateCases(() => stage, shoot);
wayCases(() => stage, shoot);
