import { secretsFile, type Secrets } from './secrets.ts';

export interface Greeting {
  readonly apiUrl: string;
  readonly consoleUrl: string | null;
  /** On the first start only. */
  readonly admin: Secrets['admin'] | null;
  readonly dataDir: string;
}

/** What is said once everything is ready. */
export function greeting({ apiUrl, consoleUrl, admin, dataDir }: Greeting): string {
  return [
    '',
    `CKX is ready:       ${apiUrl}  (what it offers: ${apiUrl}/api/docs)`,
    ...(consoleUrl === null ? [] : [`Temporal console:   ${consoleUrl}`]),
    ...(admin === null ? [] : [`Administrator:      ${admin.email}  ${admin.password}  (said this once; kept in ${secretsFile(dataDir)})`]),
    'Try:                npx ckx session start ckad-mock-01 --follow',
    'Ctrl-C stops it all.',
    '',
  ].join('\n');
}
