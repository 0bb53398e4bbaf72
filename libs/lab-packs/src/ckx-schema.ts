/** The files of a pack in CKX's own format. Descriptions are what an editor shows: the JSON schemas of docs/labs are made from these. */
import { CheckId, EnvironmentNeeds, LabCategory, LabId, LabType, QuestionId } from '@ckx/contracts';
import { z } from 'zod';

/** How long a check may take where it does not say. */
const CHECK_TIMEOUT_SECONDS = 30;

export const LEVELS = ['easy', 'medium', 'hard'] as const;
const Level = z.enum(LEVELS);

const text = z.string().trim().min(1);

const environment = EnvironmentNeeds.shape;
const Environment = z.strictObject({
  cluster: environment.cluster.describe('A cluster of its own (default), a namespace in a shared one, or none.'),
  nodes: environment.nodes.describe('Nodes of the cluster, the control plane among them.'),
  dockerEngine: environment.dockerEngine.describe('Whether the session has a Docker engine of its own.'),
  desktop: environment.desktop.describe('Whether the session has a desktop.'),
  egress: environment.egress.describe('`internet` where the environment may reach addresses beyond its host.'),
  addons: environment.addons.describe(
    'What the cluster has beside what every cluster has: `metrics`, a metrics server; `ingress`, an ingress controller; `gateway`, the Gateway API.',
  ),
});

export const LabYaml = z.strictObject({
  id: LabId.describe('Name of the lab, unique in an installation.'),
  title: text.max(120).describe('As the catalogue shows it.'),
  category: LabCategory.describe('The exam that it prepares for.'),
  type: LabType.describe('`mock` labs are free, `full` ones need an access pass.'),
  description: text.max(1_000).describe('As the catalogue shows it.'),
  difficulty: Level.describe('Of the lab as a whole.'),
  durationMinutes: z.int().min(1).max(600).describe('Time on the clock.'),
  passPercent: z.int().min(1).max(100).describe('Lowest percentage that passes.'),
  environment: Environment.prefault({}).describe('What the lab needs; a cluster of one node where nothing is said.'),
  questions: z.array(QuestionId).min(1).max(100).describe('Ids of the questions, which are folders of `questions`, in order.'),
  draw: z
    .strictObject({ questions: z.int().min(1).max(100).describe('How many each session is asked.') })
    .optional()
    .describe('Where the lab holds more questions than it asks; all are asked where nothing is said.'),
});

export const QuestionYaml = z.strictObject({
  title: text.max(120).describe('A few words.'),
  domain: text.max(120).describe("The curriculum's domain; results are summed by it."),
  level: Level.optional().describe('How hard the question is; `medium` where nothing is said.'),
  namespace: text.max(63).optional().describe('Where the candidate works.'),
  host: text.max(63).optional().describe('The machine on which the candidate works; the terminal where nothing is said.'),
  targetMinutes: z.int().min(1).max(240).optional().describe('Time that a prepared candidate needs.'),
  documentation: z
    .array(z.url({ protocol: /^https$/ }).max(300))
    .max(10)
    .optional()
    .describe('Pages of official documentation that explain the solution.'),
  hints: z
    .array(text.max(500))
    .max(5)
    .optional()
    .describe('For who practises: shown one by one, from the vaguest to the plainest. Markdown.'),
  setupSerial: z
    .boolean()
    .default(false)
    .describe('Whether its setup must not run beside those of other questions: those before it have ended, those after it wait.'),
  checks: z
    .array(
      z.strictObject({
        id: CheckId.describe('Name of its script: `checks/<id>.sh`.'),
        description: text.max(300).describe('A sentence that is true when the check passes.'),
        weight: z.int().min(0).max(1_000).describe('Points.'),
        timeoutSeconds: z
          .int()
          .min(1)
          .max(300)
          .default(CHECK_TIMEOUT_SECONDS)
          .describe('Limit from outside; a check that runs into it is errored.'),
        serial: z.boolean().default(false).describe('Whether it must not run beside other checks of its question.'),
      }),
    )
    .min(1, 'a question has at least one check')
    .max(50)
    .describe('What is graded.'),
  wrong: z
    .array(
      z.strictObject({
        id: CheckId.describe('Name of its script: `wrong/<id>.sh`.'),
        description: text.max(300).describe('The mistake, a sentence.'),
        passes: z.array(CheckId).max(50).describe('Checks that pass all the same; all others must fail.'),
      }),
    )
    .max(10)
    .optional()
    .describe('Answers that are plausible and wrong: the oracle tries them as well. No session has them.'),
});

/** JSON schemas of the two files, for editors: of what an author writes, before defaults are filled in. */
export function jsonSchemas(): Readonly<Record<'lab' | 'question', unknown>> {
  const of = (schema: z.ZodType, title: string): unknown => ({ title, ...z.toJSONSchema(schema, { io: 'input', target: 'draft-07' }) });
  return { lab: of(LabYaml, 'lab.yaml of a CKX lab pack'), question: of(QuestionYaml, 'question.yaml of a CKX lab pack') };
}
