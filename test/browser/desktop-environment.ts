/** A terminal and a desktop of a session's own, as its host makes them. */
import { EnvironmentNeeds } from '@ckx/contracts';
import { testSpec, type TestEngine } from '@ckx/test-support/engine';
import type { SessionRecords } from './records.ts';
import type { MadeEnvironment } from './room-stage.ts';

const patiently = { signal: new AbortController().signal };

/** @returns what makes one, for `sit`. */
export function withDesktop({ provider }: TestEngine): (records: SessionRecords) => Promise<MadeEnvironment> {
  return async ({ id }) => {
    const needs = EnvironmentNeeds.parse({ cluster: 'none', desktop: true });
    const spec = { ...(await testSpec()), category: 'CKAD' as const, examSessionId: id, needs };
    await provider.create(spec, patiently);
    const facts = await provider.openTerminal(spec, patiently);
    return { ports: spec.ports, facts: { ...facts, ...(await provider.openDesktop(spec, patiently)) }, desktop: true };
  };
}
