import { z } from 'zod';

/** Ids are UUIDs (or slugs where said) with a brand, so that one kind can never be passed where another is meant. */
export const UserId = z.uuid().brand('UserId');
export type UserId = z.infer<typeof UserId>;

/** Id of one candidate's run of one lab; also the name of its cluster. */
export const ExamSessionId = z.uuid().brand('ExamSessionId');
export type ExamSessionId = z.infer<typeof ExamSessionId>;

/** Id of the containers, network and cluster that serve one exam session. */
export const ExecutionEnvironmentId = z.uuid().brand('ExecutionEnvironmentId');
export type ExecutionEnvironmentId = z.infer<typeof ExecutionEnvironmentId>;

export const AttemptId = z.uuid().brand('AttemptId');
export type AttemptId = z.infer<typeof AttemptId>;

/** A paid, time-boxed right to full labs. It has its id from the checkout on, before it is paid. */
export const PassId = z.uuid().brand('PassId');
export type PassId = z.infer<typeof PassId>;

/** A machine that runs environments; stable over restarts of its worker. */
export const HostId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'a host id is lower-case letters, digits and dashes, at most 63')
  .brand('HostId');
export type HostId = z.infer<typeof HostId>;

/** A lab, a question and a check are named by the folder or entry that defines them in a lab pack. */
const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes, underscores; at most 64');
export const LabId = slug.brand('LabId');
export type LabId = z.infer<typeof LabId>;
export const QuestionId = slug.brand('QuestionId');
export type QuestionId = z.infer<typeof QuestionId>;
export const CheckId = slug.brand('CheckId');
export type CheckId = z.infer<typeof CheckId>;

/** SHA-256 of a lab pack's content, `sha256:<hex>`; pinned when a session is created so that a regrade is exact. */
export const PackDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand('PackDigest');
export type PackDigest = z.infer<typeof PackDigest>;

/** SHA-256 of any content, `sha256:<hex>`: what a blob is called. */
export const BlobDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand('BlobDigest');
export type BlobDigest = z.infer<typeof BlobDigest>;

/** The identity triple of design §2, passed explicitly through every layer. */
export const SessionIdentity = z.object({
  userId: UserId,
  examSessionId: ExamSessionId,
  executionEnvironmentId: ExecutionEnvironmentId,
});
export type SessionIdentity = z.infer<typeof SessionIdentity>;
