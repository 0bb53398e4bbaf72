import { createHash } from 'node:crypto';
import type { QuestionId } from '@ckx/contracts';
import type { z } from 'zod';
import { LabYaml, QuestionYaml } from './ckx-schema.ts';
import { openDocument, type SourceDocument } from './document.ts';
import type { PackFiles } from './files.ts';
import type { LabContent } from './content.ts';
import type { PackCheck, PackQuestion, PackScript, PackWrongAnswer } from './pack.ts';
import type { Problems } from './problems.ts';
import { readScript } from './script.ts';

export const LAB_FILE = 'lab.yaml';

/** Files of a question that no other script reads. */
const OWN_MEANING = /^(question\.(yaml|md)|setup\.sh|solution\.(sh|md)|checks\/[^/]+\.sh|wrong\/.*)$/;

/** Reads a pack in CKX's own format (docs/labs/format.md). Null where a problem of level error was recorded. */
export function readCkxPack(files: PackFiles, problems: Problems): LabContent | null {
  const lab = openDocument(files, LAB_FILE, problems);
  const fields = lab?.parse(LabYaml);
  if (!lab || !fields) return null;
  fields.questions.forEach((id, index) => {
    if (fields.questions.indexOf(id) < index) problems.error(lab.place(['questions', index]), `The question “${id}” is listed twice.`);
  });
  if (fields.draw !== undefined && fields.draw.questions > fields.questions.length) {
    problems.error(lab.place(['draw', 'questions']), `${fields.draw.questions} questions are drawn of ${fields.questions.length}.`);
  }
  reportUnlisted(files, fields.questions, problems);
  const questions = fields.questions.map((id, index) => readQuestion(files, id, index + 1, problems));
  const { environment, draw, ...summary } = fields;
  return { ...summary, needs: environment, draw: draw?.questions ?? null, questions: questions.filter((question) => question !== null) };
}

function reportUnlisted(files: PackFiles, listed: readonly string[], problems: Problems): void {
  const folders = new Set(files.paths.filter((path) => path.startsWith('questions/')).map((path) => path.split('/')[1] ?? ''));
  for (const folder of folders) {
    if (!listed.some((id) => id === folder)) {
      problems.warning(`questions/${folder}`, `The question is not listed in ${LAB_FILE}, so nobody will see it.`);
    }
  }
}

function readQuestion(files: PackFiles, id: QuestionId, position: number, problems: Problems): PackQuestion | null {
  const folder = `questions/${id}`;
  const document = openDocument(files, `${folder}/question.yaml`, problems);
  const fields = document?.parse(QuestionYaml);
  const markdown = readMarkdown(files, `${folder}/question.md`, problems);
  if (!document || !fields || markdown === null) return null;
  const checks = fields.checks.map((check, index): PackCheck => {
    if (fields.checks.findIndex((other) => other.id === check.id) < index) {
      problems.error(document.place(['checks', index, 'id']), `There are two checks “${check.id}” in this question.`);
    }
    const { timeoutSeconds, ...rest } = check;
    const reading = readScript(files, `${folder}/checks/${check.id}.sh`, problems);
    return { ...rest, timeoutMs: timeoutSeconds * 1_000, ...reading, digest: digestOfCheck(files, folder, reading.script) };
  });
  const { title, domain, level = 'medium', namespace, host, targetMinutes, documentation = [], hints = [], setupSerial } = fields;
  return {
    view: {
      id,
      position,
      title,
      domain,
      weight: checks.reduce((sum, check) => sum + check.weight, 0),
      text: markdown,
      ...(namespace === undefined ? {} : { namespace }),
      ...(host === undefined ? {} : { host }),
      ...(targetMinutes === undefined ? {} : { targetMinutes }),
    },
    level,
    documentation,
    hints,
    setupSerial,
    setupMustSucceed: true,
    setup: [optionalScript(files, `${folder}/setup.sh`, problems)].filter((script) => script !== null),
    checks,
    solution: optionalScript(files, `${folder}/solution.sh`, problems),
    solutionText: files.text(`${folder}/solution.sh`),
    explanation: files.text(`${folder}/solution.md`)?.trim() ?? null,
    wrong: readWrongAnswers(files, folder, { document, fields }, problems),
  };
}

/** A script that is missing is a warning: the copy of a pack that goes to a session has none of them. */
function readWrongAnswers(
  files: PackFiles,
  folder: string,
  { document, fields }: { readonly document: SourceDocument; readonly fields: z.infer<typeof QuestionYaml> },
  problems: Problems,
): readonly PackWrongAnswer[] {
  const listed = fields.wrong ?? [];
  const scripts = files.paths.filter((path) => path.startsWith(`${folder}/wrong/`) && path.endsWith('.sh'));
  for (const path of scripts.filter((path) => !listed.some(({ id }) => path === `${folder}/wrong/${id}.sh`))) {
    problems.warning(path, 'The wrong answer is not listed in question.yaml, so nobody will try it.');
  }
  return listed.flatMap((answer, index) => {
    if (listed.findIndex(({ id }) => id === answer.id) < index) {
      problems.error(document.place(['wrong', index, 'id']), `There are two wrong answers “${answer.id}” to this question.`);
    }
    for (const [at, checkId] of answer.passes.entries()) {
      if (!fields.checks.some(({ id }) => id === checkId)) {
        problems.error(document.place(['wrong', index, 'passes', at]), `The question has no check “${checkId}”.`);
      }
    }
    const { script } = readScript(files, `${folder}/wrong/${answer.id}.sh`, problems);
    return script === null ? [] : [{ ...answer, script }];
  });
}

/** Of the script, and of all files that it may read: those of its question and those of the pack, but for what has a meaning of its own. */
function digestOfCheck(files: PackFiles, folder: string, script: PackScript | null): string | null {
  if (script === null) return null;
  const isShared = (path: string) =>
    path.startsWith(`${folder}/`) ? !OWN_MEANING.test(path.slice(folder.length + 1)) : !path.startsWith('questions/') && path !== LAB_FILE;
  const hash = createHash('sha256');
  for (const path of files.paths.filter((path) => path === script.path || isShared(path))) {
    hash.update(`${path}\0`).update(files.bytes(path) ?? '');
  }
  return hash.digest('hex');
}

function readMarkdown(files: PackFiles, path: string, problems: Problems): string | null {
  if (!files.has(path)) {
    problems.error(path, 'The file is missing.');
    return null;
  }
  const markdown = files.text(path)?.trim() ?? null;
  if (markdown === '') problems.error(path, 'The file is empty.');
  return markdown;
}

/** A setup or solution: it may be absent, but one that is there and cannot run keeps the pack out, for no session could be fair. */
function optionalScript(files: PackFiles, path: string, problems: Problems): PackScript | null {
  if (!files.has(path)) return null;
  const { script, fault } = readScript(files, path, problems);
  if (fault !== null) problems.error(path, 'The script cannot run, so the question cannot be set.');
  return script;
}
