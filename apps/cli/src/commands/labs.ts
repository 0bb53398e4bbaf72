import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, parseOptions, printJson } from '@ckx/command';
import { CkxError, LabCategory, LabId, LabSummary, LabType, UploadedPack } from '@ckx/contracts';
import {
  ARCHIVE_MEDIA_TYPE,
  createCatalog,
  findingOf,
  lintPack,
  loadPack,
  makePack,
  packArchive,
  readPack,
  type LabPack,
  type LintFinding,
} from '@ckx/lab-packs';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Client } from '../client.ts';
import { adminContextOf, contextOf, untilInterrupted } from '../context.ts';
import { ORACLE_PARTS, verifyLab, type OracleReport } from '../oracle.ts';
import { print, say, table, tone } from '../output.ts';

const VerifyOptions = z.object({
  only: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(ORACLE_PARTS))),
});

export function addLabCommands(ckx: Command): void {
  const labs = ckx.command('labs').description('the labs that can be taken');

  labs
    .command('list')
    .description('what can be taken')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const summaries = await client.callAsAnybody(z.array(LabSummary), '/labs');
      if (json) printJson(summaries);
      else if (summaries.length === 0) print('No labs.');
      else print(table(['lab', 'category', 'type', 'difficulty', 'minutes', 'questions', 'title'], summaries.map(labRow)));
    });

  labs
    .command('show')
    .description('one lab')
    .argument('<lab>')
    .action(async (named: string, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const lab = await client.callAsAnybody(LabSummary, `/labs/${parseOptions(LabId, named)}`);
      if (json) printJson(lab);
      else {
        const facts = [lab.category, lab.type, lab.difficulty, `${lab.questionCount} questions`, `${lab.durationMinutes} min`];
        print(`${tone('bold', lab.title)} (${lab.id})\n${facts.join(' · ')} · passed at ${lab.passPercent} %\n\n${lab.description.trim()}`);
      }
    });

  labs
    .command('lint')
    .description('what is wrong with a lab pack, and what looks wrong; needs nothing that runs; fails on errors only')
    .argument('<folder>')
    .action((folder: string, _options: object, command: Command) => {
      const reading = readPack(folder);
      const findings = reading.pack === null ? reading.problems.map(findingOf) : lintPack(reading.pack);
      const ok = findings.every(({ level }) => level !== 'error');
      if (command.optsWithGlobals()['json'] === true) printJson({ root: reading.root, ok, findings });
      else {
        for (const finding of findings) print(describeFinding(finding));
        print(ok ? `${reading.root} can be used.` : `${reading.root} cannot be used.`);
      }
      if (!ok) process.exitCode = EXIT.failed;
    });

  labs
    .command('new')
    .description('make a small lab pack that can be used, to begin with')
    .argument('<folder>', 'is made; its name becomes the id of the lab')
    .option('--category <category>', LabCategory.options.join(', '), 'CKAD')
    .option('--type <type>', 'mock, which is free, or full, which needs a pass', 'mock')
    .action(async (folder: string, options: object, command: Command) => {
      const about = parseOptions(z.object({ category: LabCategory, type: LabType }), options);
      const files = await makePack(folder, about);
      if (command.optsWithGlobals()['json'] === true) printJson({ root: resolve(folder), files });
      else print([...files.map((file) => `  ${file}`), `Now: ckx labs lint ${folder}`].join('\n'));
    });

  labs
    .command('verify')
    .description(
      'the oracle: on real sessions, untouched earns nothing, the solutions everything, wrong answers their part, each graded twice alike',
    )
    .argument('<lab>', 'a lab, or the folder of one, which the installation need not offer')
    .option('--only <parts>', `some of ${ORACLE_PARTS.join(',')}, while a lab is being written`, ORACLE_PARTS.join(','))
    .action(async (named: string, options: object, command: Command) => {
      const { only } = parseOptions(VerifyOptions, options);
      const { client, json } = await adminContextOf(command);
      const pack = findPack(client, named);
      await upload(client, pack);
      const report = await verifyLab(client, pack, only, { signal: untilInterrupted(), say });
      if (json) printJson(report);
      else print(describeReport(report));
      if (!report.ok) process.exitCode = EXIT.failed;
    });
}

/** @param named a lab's id, or a folder: anything with a slash, or that is there. */
function findPack(client: Client, named: string): LabPack {
  if (named.includes('/') || existsSync(named)) return loadPack(named);
  const pack = createCatalog(client.target.labFolders).get(parseOptions(LabId, named));
  if (pack !== undefined) return pack;
  throw new CkxError('user', 'LAB_PACK_UNKNOWN', `No lab pack in ${client.target.labFolders.join(', ')} is ${named}.`, {
    remedy: 'Give the folder of the lab pack, or name its parent in CKX_LABS.',
  });
}

/** Hands the pack in as a draft: what is verified is this folder, whatever the installation offers under the same name. */
async function upload(client: Client, pack: LabPack): Promise<void> {
  const file = { mediaType: ARCHIVE_MEDIA_TYPE, content: await packArchive(pack) };
  await client.call(UploadedPack, '/admin/lab-packs', { method: 'POST', file });
}

function describeFinding({ level, code, place, message, remedy }: LintFinding): string {
  return `${tone(level === 'error' ? 'red' : 'yellow', level)} ${code}  ${place}: ${message} ${remedy}`;
}

function labRow(lab: LabSummary): string[] {
  return [lab.id, lab.category, lab.type, lab.difficulty, String(lab.durationMinutes), String(lab.questionCount), lab.title];
}

function describeReport(report: OracleReport): string {
  const rows = report.checks.map((row) => [
    row.questionId,
    row.checkId,
    String(row.weight),
    ...[...row.untouched, ...row.solved].map((verdict) => verdict ?? '-'),
  ]);
  const [untouched, solved] = [report.percent.untouched, report.percent.solved].map((percent) => (percent === null ? '-' : `${percent} %`));
  const wrong = report.wrong.map((row) => [
    row.questionId,
    row.wrongId,
    row.earned === null ? '-' : String(row.earned),
    String(row.expected),
    String(row.possible),
  ]);
  const total = ['all', '', '', untouched ?? '', '', solved ?? '', ''];
  return [
    table(['question', 'check', 'weight', 'untouched', 'again', 'solved', 'again'], [...rows, total]),
    ...(wrong.length === 0 ? [] : ['', table(['question', 'wrong answer', 'earned', 'expected', 'of'], wrong)]),
    ...report.deviations.map((deviation) => tone('red', deviation)),
    report.ok ? tone('green', `${report.labId} holds.`) : `${report.labId} does not hold.`,
  ].join('\n');
}
