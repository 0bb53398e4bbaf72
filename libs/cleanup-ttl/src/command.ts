#!/usr/bin/env node
import { Command, parseOptions, printJson, runCommand } from '@ckx/command';
import { readConfig, RecordsConfig, TemporalConfig } from '@ckx/config';
import { CkxError, ExamSessionId } from '@ckx/contracts';
import { SWEEP_LOOK_INTERVAL_MS } from '@ckx/contracts/maintenance-workflow';
import { openDatabase } from '@ckx/persistence';
import { withTemporal } from '@ckx/session-lifecycle/operator';
import { z } from 'zod';
import { sweepByHand } from './by-hand.ts';
import { checkSessions } from './check.ts';

const CheckOptions = z
  .object({ sessionId: ExamSessionId.optional(), all: z.boolean().default(false) })
  .refine(({ sessionId, all }) => (sessionId === undefined) === all, { message: 'give either --session-id or --all' });

const checkCommand = new Command('check')
  .description('Print what holds a session, when it is due, and whether a sweep would act on it and why. Changes nothing.')
  .option('--session-id <id>', 'the exam session')
  .option('--all', 'every session that is not over')
  .action(async (values: unknown) => {
    const { sessionId: examSessionId = null } = parseOptions(CheckOptions, values);
    const config = readConfig(RecordsConfig);
    const database = await openDatabase(config.DATABASE_URL, { poolSize: 2, applicationName: 'cleanup-ttl' });
    try {
      const checks = await withTemporal(config, (client) =>
        checkSessions(database, client, { installation: config.CKX_INSTALLATION, examSessionId }),
      );
      printJson(examSessionId === null ? { sessions: checks } : checks[0]);
    } finally {
      await database.destroy();
    }
  });

const SweepOptions = z.object({
  dryRun: z.boolean().default(false),
  lookInterval: z.coerce
    .number()
    .min(0)
    .max(3_600)
    .default(SWEEP_LOOK_INTERVAL_MS / 1_000),
  mayGo: z.coerce.number().int().nonnegative().optional(),
});

const sweepCommand = new Command('sweep')
  .description('Look twice, remove what has no owner, and print the report.')
  .option('--dry-run', 'look, plan and report, and do nothing')
  .option('--look-interval <seconds>', 'between the two looks (default: 120)')
  .option('--may-go <count>', 'how many sessions may go at once (default: two, or a fifth); read the report of a dry run first')
  .action(async (values: unknown) => {
    const { dryRun, lookInterval, mayGo } = parseOptions(SweepOptions, values);
    const config = readConfig(TemporalConfig);
    const report = await withTemporal(config, (client) =>
      sweepByHand(client, {
        installation: config.CKX_INSTALLATION,
        dryRun,
        lookIntervalMs: lookInterval * 1_000,
        ...(mayGo === undefined ? {} : { mayGo }),
      }),
    );
    printJson(report);
    if (report.alert === null || dryRun) return;
    throw new CkxError('operational', 'SWEEP_STOPPED', report.alert, {
      remedy: 'Nothing was done. docs/operations/sweep.md says what to look at, and how to let it go on.',
    });
  });

const program = new Command('cleanup-ttl').description('What has no owner, what is overdue, and its removal.');
await runCommand(program.addCommand(checkCommand).addCommand(sweepCommand));
