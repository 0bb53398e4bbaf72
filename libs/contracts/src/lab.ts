import { z } from 'zod';
import { CheckId, LabId, PackDigest, QuestionId } from './ids.ts';

export const LAB_CATEGORIES = ['CKAD', 'CKA', 'CKS', 'DOCKER', 'HELM'] as const;
export const LabCategory = z.enum(LAB_CATEGORIES);
export type LabCategory = z.infer<typeof LabCategory>;

/** `mock` labs are free; `full` labs need an access pass. */
export const LAB_TYPES = ['mock', 'full'] as const;
export const LabType = z.enum(LAB_TYPES);
export type LabType = z.infer<typeof LabType>;

/**
 * What a cluster may have beside what every cluster has. `metrics`: a metrics server, which `kubectl top` and autoscalers ask; `ingress`: a
 * controller that answers by what Ingresses say; `gateway`: the kinds of the Gateway API, and a controller that answers by what HTTPRoutes say.
 */
const ClusterAddon = z.enum(['metrics', 'ingress', 'gateway']);

/** What a lab needs of an execution environment (design §5). */
export const EnvironmentNeeds = z.object({
  cluster: z.enum(['dedicated', 'namespace', 'none']).default('dedicated'),
  nodes: z.int().min(1).max(3).default(1),
  dockerEngine: z.boolean().default(false),
  desktop: z.boolean().default(false),
  /** `internet`: the environment may reach addresses beyond its host; otherwise nothing but itself. */
  egress: z.enum(['none', 'internet']).default('none'),
  addons: z.array(ClusterAddon).default([]),
});
export type EnvironmentNeeds = z.infer<typeof EnvironmentNeeds>;

/** A lab as the catalogue shows it. */
export const LabSummary = z.object({
  id: LabId,
  title: z.string(),
  category: LabCategory,
  type: LabType,
  description: z.string(),
  difficulty: z.enum(['easy', 'medium', 'hard']),
  durationMinutes: z.int().positive(),
  /** Lowest percentage that passes. */
  passPercent: z.int().min(0).max(100),
  questionCount: z.int().positive(),
  /** Of all its questions, in order: what a drill can be drawn from. */
  domains: z.array(z.object({ domain: z.string(), questions: z.int().positive() })),
});
export type LabSummary = z.infer<typeof LabSummary>;

/** A question as the candidate reads it; never its checks' scripts or its solution. */
export const QuestionView = z.object({
  id: QuestionId,
  position: z.int().positive(),
  title: z.string(),
  domain: z.string(),
  weight: z.int().nonnegative(),
  targetMinutes: z.int().positive().optional(),
  namespace: z.string().optional(),
  /** Host the candidate works on; the terminal itself where absent. */
  host: z.string().optional(),
  /** Markdown. */
  text: z.string(),
});
export type QuestionView = z.infer<typeof QuestionView>;

/** What a session's workflow needs to know of its lab; small, and pinned by digest. */
export const LabPin = z.object({
  id: LabId,
  digest: PackDigest,
  category: LabCategory,
  type: LabType,
  durationMs: z.int().positive(),
  passPercent: z.int(),
  needs: EnvironmentNeeds,
  /**
   * Where not all questions of the lab are asked: what gives the same draw again, and of how many it was drawn. Of a drill, the domains to
   * which those belong.
   */
  draw: z.object({ seed: z.string(), of: z.int().positive(), domains: z.array(z.string()).optional() }).optional(),
  /** Those of this session, in order. Title and domain stay with the session, so that its result reads from Postgres alone whatever becomes of the pack. */
  questions: z.array(
    z.object({
      id: QuestionId,
      title: z.string(),
      domain: z.string(),
      hasSetup: z.boolean(),
      /** Its setup may run beside those of other questions. Where absent (as in sessions from before any did), it runs by itself, in its place. */
      setupBeside: z.boolean().optional(),
      checkIds: z.array(CheckId),
    }),
  ),
});
export type LabPin = z.infer<typeof LabPin>;
