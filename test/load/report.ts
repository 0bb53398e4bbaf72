/** What is said of a run, while it goes on and at its end. */
import { table } from '@ckx/cli';
import type { Subject } from './drive.ts';
import { FATES } from './fates.ts';
import type { Finding } from './proof.ts';
import type { SessionRow } from './records.ts';

const SAY_EVERY_MS = 10_000;

/** Says how far it is, now and then. */
export function progress(count: number, say: (line: string) => void): (rows: readonly SessionRow[]) => void {
  let saidAt = 0;
  return (rows) => {
    if (Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    const of = (state: string) => rows.filter((row) => row.state === state).length;
    const gone = rows.filter(({ environment }) => environment === 'destroyed').length;
    say(
      `${rows.length} of ${count}: ${of('created')} wait, ${of('initializing')} are built, ${of('ready')} ready, ${of('running')} run, ` +
        `${of('terminated')} terminated, ${of('failed')} failed, ${gone} environments gone`,
    );
  };
}

export function fatesTable(subjects: readonly Subject[], rows: readonly SessionRow[]): string {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const lines = FATES.map((fate) => {
    const fated = subjects.filter(({ plan }) => plan.fate === fate).flatMap(({ id }) => (id === null ? [] : (byId.get(id) ?? [])));
    const of = (outcome: string) => String(fated.filter((row) => row.outcome === outcome).length);
    const failed = String(fated.filter(({ state }) => state === 'failed').length);
    return [fate, String(fated.length), of('submitted'), of('expired'), of('cancelled'), of('terminated_by_admin'), failed];
  });
  return table(['fate', 'sessions', 'submitted', 'expired', 'cancelled', 'terminated', 'failed'], lines);
}

export function findingsTable(findings: readonly Finding[]): string {
  return table(
    ['', 'must hold', 'found'],
    findings.map(({ what, ok, detail }) => [ok ? 'ok' : 'FAILED', what, detail]),
  );
}

/** A line for each session that failed. */
export function failuresOf(rows: readonly SessionRow[]): string[] {
  return rows.flatMap(({ id, failure }) => (failure === null ? [] : [`failed: ${id} ${failure.type} ${failure.code}: ${failure.reason}`]));
}

/** A line for each session whose time was over before what its fate had it do, with when that was tried. */
export function latecomersOf(subjects: readonly Subject[], rows: readonly SessionRow[]): string[] {
  const time = (at: Date | number | null) => (at === null ? 'never' : new Date(at).toISOString().slice(11, 19));
  return subjects.flatMap(({ id, plan, metAt, askedAt }) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row?.outcome !== 'expired' || plan.fate === 'expires') return [];
    const requested = row.submitRequestedAt ?? row.terminateRequestedAt;
    const tries = `clock from ${time(row.startedAt)}, seen ${time(metAt)}, asked last ${askedAt === 0 ? 'never' : time(askedAt)}`;
    return [`late: ${row.id} ${plan.fate}: ${tries}, recorded ${time(requested)}, deadline ${time(row.deadlineAt)}`];
  });
}
