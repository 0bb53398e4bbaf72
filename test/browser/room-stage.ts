/** A stage with everything that the exam room talks to: API, gateway, and a real terminal with its own SSH server, tmux and shell. */
import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TERMINAL_KEY_PURPOSE, type EnvironmentFacts, type SessionMode, type SessionPorts } from '@ckx/contracts';
import { EnvironmentEntity, ExamSessionEntity } from '@ckx/persistence';
import { makeSealingKeys, seal, SealingPublicKey } from '@ckx/sealed-secrets';
import { makeServiceSecret } from '@ckx/service-auth';
import { freePort } from '@ckx/toolchain';
import type Docker from 'dockerode';
import type { Page } from 'playwright-core';
import { startTerminal } from '../../apps/gateway/test/terminal.ts';
import { openLine } from './line.ts';
import { startGatewayProcess, type Started } from './processes.ts';
import { SessionRecords } from './records.ts';
import { openStage, type Ground, type Stage } from './stage.ts';
import { arrive, register, startSession, type Person } from './visitor.ts';

const MINUTE_MS = 60_000;

export interface RoomStage extends Stage {
  /** Runs a script as the candidate, at home. @returns what it printed */
  readonly inside: (script: string) => Promise<string>;
  startGateway(): Promise<void>;
  stopGateway(): Promise<void>;
  /** With -9. */
  killGateway(): Promise<void>;
  /** Pulls the browser's cable. */
  cut(): void;
  mend(): void;
  /** What hosts seal for the gateway. */
  readonly gatewayKey: KeyObject;
  /** The environment of a session is this from now on: where not given, this stage's terminal. */
  bind(records: SessionRecords, made?: MadeEnvironment): Promise<void>;
  /** Somebody in the exam room, with a terminal that answers. */
  sit(values?: SitValues): Promise<Sitting>;
}

/** What a host would have made of a session's environment. */
export interface MadeEnvironment {
  readonly ports: Partial<SessionPorts>;
  readonly facts: EnvironmentFacts;
  readonly desktop: boolean;
}

export interface SitValues {
  readonly mode?: SessionMode;
  readonly make?: (records: SessionRecords) => Promise<MadeEnvironment>;
  readonly lab?: string;
  readonly durationMs?: number;
  readonly leftMs?: number;
  readonly name?: string;
}

export interface Sitting {
  readonly person: Person;
  readonly page: Page;
  readonly records: SessionRecords;
}

export interface RoomGround extends Ground {
  readonly docker: Docker;
  readonly terminalImage: string;
}

/** @param env of the API, beside what every stage has. */
export async function openRoomStage(env: Readonly<Record<string, string>> = {}, ground?: RoomGround): Promise<RoomStage> {
  const port = await freePort();
  const [apiLine, gatewayLine] = await Promise.all([openLine(), openLine()]);
  const url = `http://127.0.0.1:${apiLine.port}`;
  gatewayLine.to(port);
  const keys = makeSealingKeys();
  const folder = await mkdtemp(join(tmpdir(), 'ckx-room-'));
  const [stage, terminal] = await Promise.all([
    openStage({ APP_URL: url, GATEWAY_URL: `ws://127.0.0.1:${gatewayLine.port}`, MOCK_SESSIONS_PER_DAY: '0', ...env }, ground),
    startTerminal(ground?.terminalImage, ground?.docker),
  ]);
  const variables = {
    PATH: process.env['PATH'],
    LOG_LEVEL: 'warn',
    DATABASE_URL: stage.databaseUrl,
    GATEWAY_PORT: String(port),
    GATEWAY_ID: `stage-${port}`,
    GATEWAY_PRIVATE_KEY: keys.privateKey,
    GATEWAY_SPOOL_DIR: join(folder, 'spool'),
    APP_URL: url,
    SERVICE_KEYS: `control:control:${makeServiceSecret()}`,
  };
  apiLine.to(stage.port);
  let gateway: Started | null = await startGatewayProcess(variables, port);
  const end = async (how: 'stop' | 'kill') => {
    await gateway?.[how]();
    gateway = null;
  };
  const inside = (script: string) => terminal.inside(`cd /home/candidate; ${script}`, 'candidate');
  const gatewayKey = SealingPublicKey.parse(keys.publicKey);
  const own = ({ id }: SessionRecords): MadeEnvironment => ({
    ports: { sshTerminal: terminal.port },
    facts: {
      sshHostKey: terminal.hostKey,
      nodes: [],
      terminalKey: seal(gatewayKey, terminal.privateKey, { examSessionId: id, purpose: TERMINAL_KEY_PURPOSE }),
    },
    desktop: false,
  });
  const bind = async (records: SessionRecords, { ports, facts, desktop } = own(records)) => {
    const { manager } = stage.database;
    const row = await manager.findOneByOrFail(EnvironmentEntity, { examSessionId: records.id });
    const spec = { ...row.spec, ports: { ...row.spec.ports, ...ports }, needs: { ...row.spec.needs, desktop } };
    await manager.update(EnvironmentEntity, row.id, { state: 'bound', spec, facts });
    const { lab } = await manager.findOneByOrFail(ExamSessionEntity, { id: records.id });
    await manager.update(ExamSessionEntity, records.id, { lab: { ...lab, needs: { ...lab.needs, desktop } } });
  };
  return {
    ...stage,
    url,
    inside,
    bind,
    gatewayKey,
    startGateway: async () => {
      gateway = await startGatewayProcess(variables, port);
    },
    stopGateway: () => end('stop'),
    killGateway: () => end('kill'),
    cut: () => {
      apiLine.cut();
      gatewayLine.cut();
    },
    mend: () => {
      apiLine.mend();
      gatewayLine.mend();
    },
    sit: async ({ lab = 'ckad-mock-01', durationMs = 120 * MINUTE_MS, leftMs = 90 * MINUTE_MS, name, mode, make } = {}) => {
      // Shells of those who sat here before are not theirs.
      await inside('tmux -L ckx kill-server; rm -rf ./*');
      const person = await arrive(stage.browser, url);
      await register(person, name);
      const records = new SessionRecords(stage.database, await startSession(person, lab));
      await records.initialize();
      await bind(records, await make?.(records));
      if (mode !== undefined) await stage.database.manager.update(ExamSessionEntity, records.id, { mode });
      await records.ready();
      await records.run(durationMs, leftMs);
      await person.page.getByRole('tab', { name: 'Terminal 1' }).waitFor();
      return { person, page: person.page, records };
    },
    close: async () => {
      await stage.close();
      await end('stop');
      await Promise.all([apiLine.close(), gatewayLine.close()]);
      await terminal[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
