import { parseOptions, printJson } from '@ckx/command';
import { CheckedQuestion, EnvironmentUse, LabId, Position, QuestionView, SessionMode, SessionView } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Client } from '../client.ts';
import { contextOf, untilInterrupted } from '../context.ts';
import { describeUse } from '../environment-use.ts';
import { duration, indent, moment, print, say, table, tone } from '../output.ts';
import { describeStatus, Narrator } from '../progress.ts';
import { describeChecked, describeResult } from '../result.ts';
import {
  beginSession,
  createSession,
  ended,
  isGraded,
  isOver,
  isSettled,
  ownSessions,
  readResult,
  readStatus,
  sessionOf,
  waitFor,
  watchStatus,
} from '../session.ts';

const ID = '[id]';
const ID_HELP = 'the session; the one that is open where left out';
const NEWEST_HELP = 'the session; the newest one where left out';

export function addSessionCommands(ckx: Command, session: Command): void {
  ckx
    .command('sessions')
    .description('your sessions, the newest first')
    .option('--all', "everybody's, for administrators")
    .action(async (options: { all?: boolean }, command: Command) => {
      const { client, json } = await contextOf(command);
      const sessions = options.all === true ? await client.call(z.array(SessionView), '/admin/sessions') : await ownSessions(client);
      if (json) printJson(sessions);
      else if (sessions.length === 0) print('No sessions.');
      else print(table(['session', 'lab', 'state', 'outcome', 'created', 'ends'], sessions.map(sessionRow)));
    });

  session
    .command('start')
    .description('start a session of a lab; its clock starts with the shell, or with: ckx session begin')
    .argument('<lab>', 'see: ckx labs list')
    .option('--mode <mode>', 'exam, or practice: a generous clock, checks at any time', 'exam')
    .option('--follow', 'tell each step until the session is ready')
    .action(async (lab: string, options: { follow?: boolean; mode: string }, command: Command) => {
      const { client, json } = await contextOf(command);
      const labId = parseOptions(LabId, lab);
      const created = await createSession(client, labId, { mode: parseOptions(SessionMode, options.mode) });
      say(`Session ${created.examSessionId} of ${created.labTitle}`);
      if (options.follow !== true) {
        if (json) printJson(created);
        else print('Follow it with: ckx session status --follow');
        return;
      }
      const signal = untilInterrupted();
      const status = await follow(
        client,
        created.examSessionId,
        (now) => now.state === 'ready' || now.state === 'running' || isOver(now),
        signal,
      );
      if (status === null) return;
      if (isOver(status)) throw ended(status);
      if (json) printJson(status);
      else print(howToGoOn(created));
    });

  session
    .command('status')
    .description('what a session does, and what is left to happen')
    .argument(ID, NEWEST_HELP)
    .option('--follow', 'go on until it has ended, is graded and removed; Ctrl-C stops following only')
    .action(async (named: string | undefined, options: { follow?: boolean }, command: Command) => {
      const { client, json } = await contextOf(command);
      const id = await sessionOf(client, named, 'newest');
      const status = options.follow === true ? await follow(client, id, isSettled, untilInterrupted()) : await readStatus(client, id);
      if (status === null) return;
      if (json) printJson(status);
      else if (options.follow !== true) print(describeStatus(status));
    });

  session
    .command('questions')
    .description('what is asked')
    .argument(ID, ID_HELP)
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const questions = await client.call(z.array(QuestionView), `/sessions/${await sessionOf(client, named)}/questions`);
      if (json) printJson(questions);
      else print(questions.map(describeQuestion).join('\n\n'));
    });

  session
    .command('check')
    .description('in practice: run the checks of a question now')
    .argument('<question>', 'its number, from 1')
    .argument(ID, ID_HELP)
    .action(async (question: string, named: string | undefined, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const position = parseOptions(Position, question);
      const path = `/sessions/${await sessionOf(client, named)}/questions/${position}/check`;
      const checked = await client.call(CheckedQuestion, path, { method: 'POST' });
      if (json) printJson(checked);
      else print(describeChecked(checked));
    });

  session
    .command('begin')
    .description('start the clock')
    .argument(ID, ID_HELP)
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const status = await beginSession(client, await sessionOf(client, named));
      if (json) printJson(status);
      else print(describeStatus(status));
    });

  session
    .command('submit')
    .description('hand in: the session ends and is graded')
    .argument(ID, ID_HELP)
    .option('--wait', 'wait for the result, and show it')
    .action(async (named: string | undefined, options: { wait?: boolean }, command: Command) => {
      const { client, json } = await contextOf(command);
      const id = await sessionOf(client, named);
      await client.call(z.unknown(), `/sessions/${id}/submit`, { method: 'POST' });
      await client.store.forgetKey(id);
      if (options.wait !== true) {
        if (json) printJson({ examSessionId: id });
        else print(`Handed in. See the result with: ckx session result ${id}`);
        return;
      }
      say('Handed in; grading …');
      await waitFor(client, id, isGraded, untilInterrupted());
      await showResult(client, id, json);
    });

  session
    .command('result')
    .description('score, verdicts, and the evidence of what did not pass')
    .argument(ID, NEWEST_HELP)
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      await showResult(client, await sessionOf(client, named, 'newest'), json);
    });

  session
    .command('inspect')
    .description('what the containers are limited to, and what they use')
    .argument(ID, ID_HELP)
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const use = await client.call(EnvironmentUse, `/sessions/${await sessionOf(client, named)}/inspect`);
      if (json) printJson(use);
      else print(describeUse(use));
    });

  session
    .command('cancel')
    .description('end a session without handing in: it is not graded')
    .argument(ID, ID_HELP)
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const id = await sessionOf(client, named);
      await client.call(z.unknown(), `/sessions/${id}`, { method: 'DELETE' });
      await client.store.forgetKey(id);
      const status = await waitFor(client, id, isOver);
      if (json) printJson(status);
      else print(describeStatus(status));
    });
}

/** Tells of each change until `reached`. @returns null where Ctrl-C came first. */
async function follow(client: Client, id: SessionView['examSessionId'], reached: Parameters<typeof waitFor>[2], signal: AbortSignal) {
  const narrator = new Narrator();
  for await (const status of watchStatus(client, id, signal)) {
    for (const line of narrator.tell(status)) say(line);
    if (reached(status)) return status;
  }
  say(`Stopped following. The session goes on: ckx session status ${id}`);
  return null;
}

async function showResult(client: Client, id: SessionView['examSessionId'], json: boolean): Promise<void> {
  const result = await readResult(client, id);
  if (json) printJson(result);
  else print(describeResult(result));
}

function howToGoOn(session: SessionView): string {
  return [
    'Ready. Go on with:',
    '  ckx session questions   what is asked',
    `  ckx session shell       your terminal; the clock starts (${timeOf(session)})`,
    ...(session.mode === 'practice' ? ['  ckx session check <n>   how far question n is'] : []),
    '  ckx session submit      hand in',
  ].join('\n');
}

function timeOf({ durationSeconds, extraTimeSeconds }: SessionView): string {
  return extraTimeSeconds === 0 ? duration(durationSeconds) : `${duration(durationSeconds)}, and ${duration(extraTimeSeconds)} extra`;
}

function sessionRow(session: SessionView): string[] {
  return [
    session.examSessionId,
    session.labId,
    session.state,
    session.outcome ?? '-',
    moment(session.createdAt),
    moment(session.endedAt ?? session.deadlineAt),
  ];
}

function describeQuestion(question: QuestionView): string {
  const facts = [
    question.domain,
    `${question.weight} points`,
    ...(question.targetMinutes === undefined ? [] : [`about ${question.targetMinutes} min`]),
    ...(question.namespace === undefined ? [] : [`namespace ${question.namespace}`]),
    ...(question.host === undefined ? [] : [`on host ${question.host}`]),
  ];
  return `${tone('bold', `${question.position}. ${question.title}`)}  (${facts.join(' · ')})\n\n${indent(question.text.trim(), 2)}`;
}
