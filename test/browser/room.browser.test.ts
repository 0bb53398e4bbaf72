/** The exam room in a real browser, with a real gateway and a real shell behind it: one stage for all of it. */
import { afterAll, afterEach, beforeAll, describe, vi } from 'vitest';
import { connectionCases } from './room-connection.cases.ts';
import { practiceCases } from './room-practice.cases.ts';
import { openRoomStage, type RoomStage } from './room-stage.ts';
import { taskCases } from './room-tasks.cases.ts';
import { terminalCases } from './room-terminal.cases.ts';

// Each begins with an account, a session and a shell of its own, and some wait for what takes its time.
vi.setConfig({ testTimeout: 180_000 });

let stage: RoomStage;
beforeAll(async () => {
  stage = await openRoomStage();
}, 300_000);
afterEach(async () => {
  for (const context of stage.browser.contexts()) await context.close();
});
afterAll(() => stage.close());

describe('terminals', () => terminalCases(() => stage));
describe('tasks', () => taskCases(() => stage));
describe('practice', () => practiceCases(() => stage));
describe('line, servers, clock', () => connectionCases(() => stage));
