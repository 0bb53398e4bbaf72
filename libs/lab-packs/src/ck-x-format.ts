import { createHash } from 'node:crypto';
import { CheckId, LabId, QuestionId, type EnvironmentNeeds, type LabCategory } from '@ckx/contracts';
import { z } from 'zod';
import type { LabContent } from './content.ts';
import { openDocument, type SourceDocument } from './document.ts';
import type { PackFiles } from './files.ts';
import type { PackCheck, PackQuestion } from './pack.ts';
import type { Problems } from './problems.ts';
import { readScript, type ScriptReading } from './script.ts';

export const ASSESSMENT_FILE = 'assessment.json';
export const CONFIG_FILE = 'config.json';

/** A lab as its collection's labs.json lists it. */
export const CkXListing = z.object({
  id: z.string().min(1),
  assetPath: z.string().min(1),
  name: z.string().optional(),
  category: z.string().optional(),
  description: z.string().optional(),
  difficulty: z.string().optional(),
  examDurationInMinutes: z.coerce.number().int().min(1).max(600).optional(),
});
export type CkXListing = z.infer<typeof CkXListing>;

const Config = z.object({ lab: z.string().optional(), workerNodes: z.coerce.number().int().optional() });

const Assessment = z.object({ questions: z.array(z.unknown()).min(1, 'there is no question') });

const Question = z.object({
  id: z.coerce.string().min(1),
  namespace: z.string().optional(),
  question: z.string().min(1),
  concepts: z.array(z.string()).optional().catch(undefined),
  verification: z.array(z.unknown()).catch([]),
});

const Verification = z.object({
  id: z.coerce.string().min(1),
  description: z.string().default(''),
  verificationScriptFile: z.string().min(1),
});

/** CK-X ran checks one after the other and without a limit; scripts share files, so they stay one after the other. */
const CHECK_TIMEOUT_MS = 60_000;

/** Where neither labs.json nor the pack says: the length of the real exams. */
const DURATION_MINUTES = 120;

/** Thresholds of the real exams; CK-X has none of its own, only words for low, medium and high. */
const PASS_PERCENT: Readonly<Record<LabCategory, number>> = { CKAD: 66, CKA: 66, CKS: 67, DOCKER: 66, HELM: 66 };

/**
 * Reads a pack in CK-X's format. Its packs are malformed now and then: what is wrong in one question or check is recorded as a
 * warning, and the rest is kept. Null where a problem of level error was recorded.
 *
 * @param listing the lab's entry in labs.json; without one the pack's own files and folder names must do.
 */
export function readCkXPack(files: PackFiles, listing: CkXListing | null, problems: Problems): LabContent | null {
  const config = files.has(CONFIG_FILE) ? (openDocument(files, CONFIG_FILE, problems)?.parse(Config, [], 'warning') ?? {}) : {};
  const document = openDocument(files, ASSESSMENT_FILE, problems);
  const assessment = document?.parse(Assessment);
  if (!document || !assessment) return null;

  const fromFolders = files.root.split('/').slice(-2).join('-');
  const id = toSlug(listing?.id ?? config.lab ?? fromFolders);
  const category = categoryOf(listing?.category, `${id} ${fromFolders} ${listing?.name ?? ''}`);
  const questions = assessment.questions
    .map((_, index) => readQuestion(files, document, index, category, problems))
    .filter((question) => question !== null);
  makeUnique(questions, document, problems);
  if (!questions.some((question) => question.checks.length > 0)) {
    problems.error(ASSESSMENT_FILE, 'No question has a check: there is nothing to grade.');
    return null;
  }
  const difficulty = z.enum(['easy', 'medium', 'hard']).catch('medium').parse(listing?.difficulty?.toLowerCase());
  return {
    id: LabId.parse(id),
    title: listing?.name ?? id,
    category,
    type: 'mock',
    description: listing?.description ?? '',
    difficulty,
    durationMinutes: listing?.examDurationInMinutes ?? DURATION_MINUTES,
    passPercent: PASS_PERCENT[category],
    needs: needsOf(category, config.workerNodes ?? 1),
    draw: null,
    questions: attachSetup(files, questions, problems),
  };
}

function readQuestion(
  files: PackFiles,
  document: SourceDocument,
  index: number,
  category: LabCategory,
  problems: Problems,
): PackQuestion | null {
  const at = ['questions', index];
  const question = document.parse(Question, at, 'warning');
  if (!question) return null;
  if (question.verification.length === 0) {
    problems.warning(document.place(at), `Question ${question.id} has no verification: nothing can be earned with it.`);
  }
  const checks = question.verification
    .map((_, nth) => readCheck(files, document, [...at, 'verification', nth], problems))
    .filter((check) => check !== null);
  return {
    view: {
      id: QuestionId.parse(toSlug(question.id)),
      position: index + 1,
      title: titleOf(question.concepts, index + 1),
      domain: category,
      weight: checks.reduce((sum, check) => sum + check.weight, 0),
      // machineHostname is left out: it is the name of CK-X's own terminal, which here is the terminal itself.
      ...(question.namespace ? { namespace: question.namespace } : {}),
      text: question.question,
    },
    level: 'medium',
    documentation: [],
    hints: [],
    setup: [],
    // CK-X ran them one after the other, and some build on what those before them made.
    setupSerial: true,
    setupMustSucceed: false,
    checks,
    solution: null,
    solutionText: null,
    explanation: null,
    wrong: [],
  };
}

function readCheck(files: PackFiles, document: SourceDocument, at: readonly PropertyKey[], problems: Problems): PackCheck | null {
  const check = document.parse(Verification, at, 'warning');
  if (!check) return null;
  const reading = readVerificationScript(files, check.verificationScriptFile, document.place([...at, 'verificationScriptFile']), problems);
  return {
    id: CheckId.parse(toSlug(check.id)),
    description: check.description || `Check ${check.id}`,
    weight: readWeight(document, at, problems),
    timeoutMs: CHECK_TIMEOUT_MS,
    serial: true,
    ...reading,
    digest: reading.script === null ? null : digestOf(files.bytes(reading.script.path)),
  };
}

function digestOf(content: Uint8Array = new Uint8Array()): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A script is named by its file name alone; a name that leads elsewhere is refused. */
function readVerificationScript(files: PackFiles, name: string, place: string, problems: Problems): ScriptReading {
  if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) {
    const message = `“${name}” is refused: a script is named by its file name in scripts/validation.`;
    problems.warning(place, message);
    return { script: null, fault: `${place}: ${message}` };
  }
  return readScript(files, `scripts/validation/${name}`, problems);
}

/** A whole number, also as a string. */
function readWeight(document: SourceDocument, at: readonly PropertyKey[], problems: Problems): number {
  const Weight = z.object({
    weightage: z
      .union([z.int(), z.string().regex(/^\d+$/)])
      .transform(Number)
      .pipe(z.int().min(0).max(1_000)),
  });
  const weight = document.parse(Weight, at, 'warning');
  if (!weight) problems.warning(document.place(at), 'Without a usable weight the check counts 1.');
  return weight?.weightage ?? 1;
}

/** Ids must differ, for results are kept by them: a repeated one gets a number. */
function makeUnique(questions: PackQuestion[], document: SourceDocument, problems: Problems): void {
  const seen = new Set<string>();
  questions.forEach((question, index) => {
    const id = QuestionId.parse(free(question.view.id, seen));
    const at = ['questions', question.view.position - 1];
    if (id !== question.view.id) {
      problems.warning(document.place([...at, 'id']), `A second question “${question.view.id}”: it is called “${id}” here.`);
    }
    const seenChecks = new Set<string>();
    const checks = question.checks.map((check) => {
      const checkId = CheckId.parse(free(check.id, seenChecks));
      if (checkId !== check.id) {
        problems.warning(document.place([...at, 'verification']), `A second check “${check.id}”: it is called “${checkId}” here.`);
      }
      return { ...check, id: checkId };
    });
    questions[index] = { ...question, view: { ...question.view, id, position: index + 1 }, checks };
  });
}

function free(id: string, seen: Set<string>): string {
  let candidate = id;
  for (let nth = 2; seen.has(candidate); nth++) candidate = `${id.slice(0, 58)}-${nth}`;
  seen.add(candidate);
  return candidate;
}

/** Only `q*_setup.sh` run, in lexical order: `q<N>…` with the question N, any other with the first. */
function attachSetup(files: PackFiles, questions: readonly PackQuestion[], problems: Problems): readonly PackQuestion[] {
  const paths = files.paths.filter((path) => /^scripts\/setup\/q[^/]*_setup\.sh$/.test(path));
  const owners = paths.map((path) => {
    const number = /^scripts\/setup\/q0*(\d+)/.exec(path)?.[1];
    return questions.find((question) => question.view.id === number) ?? questions[0];
  });
  return questions.map((question) => ({
    ...question,
    setup: paths.flatMap((path, index) => (owners[index] === question ? (readScript(files, path, problems).script ?? []) : [])),
  }));
}

function categoryOf(listed: string | undefined, hints: string): LabCategory {
  const words = `${listed ?? ''} ${hints}`.toUpperCase();
  return (['CKAD', 'CKA', 'CKS', 'DOCKER', 'HELM'] as const).find((category) => words.includes(category)) ?? 'CKAD';
}

/** CK-X counts its workers beside a control plane; here the control plane takes workloads too, and is one of the nodes. */
function needsOf(category: LabCategory, workerNodes: number): EnvironmentNeeds {
  if (category === 'DOCKER') return { cluster: 'none', nodes: 1, dockerEngine: true, desktop: false, egress: 'none', addons: [] };
  return {
    cluster: 'dedicated',
    nodes: Math.min(3, Math.max(1, workerNodes)),
    dockerEngine: false,
    desktop: false,
    egress: 'none',
    addons: [],
  };
}

function titleOf(concepts: readonly string[] | undefined, position: number): string {
  const words = concepts?.slice(0, 3).join(', ');
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : `Question ${position}`;
}

function toSlug(text: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return slug || 'x';
}
