/** Which installation a command talks to. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@ckx/config';
import { z } from 'zod';

/** The folder of this project. */
const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..');

const CliConfig = z.object({
  /** Address of the API; the installation that runs on this machine where not given. */
  CKX_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  XDG_CONFIG_HOME: z.string().default(join(homedir(), '.config')),
  /** Folders with lab packs, `:`-separated. */
  CKX_LABS: z.string().optional(),
  /** Folder of the installation that `npm start` runs here. */
  CKX_DATA_DIR: z.string().default(join(PROJECT_ROOT, '.ckx')),
});

const DEFAULT_API_URL = 'http://127.0.0.1:4000';

/** What `npm start` writes about the installation it runs. */
const RunFile = z.object({ apiUrl: z.url() });

/** What it keeps to itself. */
const SecretsFile = z.object({ admin: z.object({ email: z.string(), password: z.string() }) });

export interface Account {
  readonly email: string;
  readonly password: string;
}

export interface Target {
  /** Origin of the API, without a path. */
  readonly apiUrl: string;
  /** It answers on this machine only: a local account may be made without asking. */
  readonly local: boolean;
  /** Folder of this user's credentials and keys. */
  readonly configFolder: string;
  /** Folders that lab packs are looked for in. */
  readonly labFolders: readonly string[];
  /** Folder of the installation that `npm start` runs here, where that is the one; null for any other. */
  readonly dataFolder: string | null;
}

/** @param apiOption `--api` of the command line, which goes before everything else. */
export async function findTarget(apiOption: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<Target> {
  const config = readConfig(CliConfig, env);
  const running = await runningApi(config.CKX_DATA_DIR);
  const apiUrl = new URL(apiOption ?? config.CKX_API_URL ?? running ?? DEFAULT_API_URL).origin;
  return {
    apiUrl,
    local: ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(apiUrl).hostname),
    configFolder: join(config.XDG_CONFIG_HOME, 'ckx'),
    labFolders: config.CKX_LABS?.split(':').filter(Boolean) ?? [join(PROJECT_ROOT, 'labs')],
    dataFolder: running !== undefined && new URL(running).origin === apiUrl ? config.CKX_DATA_DIR : null,
  };
}

async function runningApi(dataFolder: string): Promise<string | undefined> {
  const text = await readUnless(['ENOENT'], join(dataFolder, 'run.json'));
  return text === null ? undefined : RunFile.parse(JSON.parse(text)).apiUrl;
}

/** The administrator that `npm start` made; null where it runs elsewhere, or this user may not read its secrets. */
export async function localAdmin({ dataFolder }: Target): Promise<Account | null> {
  if (dataFolder === null) return null;
  const text = await readUnless(['ENOENT', 'EACCES'], join(dataFolder, 'secrets.json'));
  return text === null ? null : SecretsFile.parse(JSON.parse(text)).admin;
}

async function readUnless(codes: readonly string[], file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (codes.includes(error.code ?? '')) return null;
    throw error;
  });
}
