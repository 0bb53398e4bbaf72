import { z } from 'zod';
import { LabId, PackDigest, UserId } from './ids.ts';
import { Drill, SessionMode } from './practice.ts';
import { Role, SessionPorts } from './states.ts';

/** Bodies and answers of `/api/v1` that are not views of a session. Unknown fields are refused. */
export const RegisterBody = z.strictObject({
  /** RFC 5321, 4.5.3.1: a longer part before the @ is no address that a mail server need take. */
  email: z
    .email()
    .max(254)
    .refine((email) => email.indexOf('@') <= 64, 'must have 64 characters at most before the @'),
  name: z.string().trim().min(1).max(100),
  /** NIST SP 800-63B: length is what counts; at least 8 with no composition rules, 128 at most. */
  password: z.string().min(8).max(128),
});
export type RegisterBody = z.infer<typeof RegisterBody>;

export const LoginBody = z.strictObject({
  email: z.email().max(254),
  password: z.string().min(1).max(128),
  /** Browsers ask for a cookie, which their scripts cannot read; for it the request must come from a page of APP_URL. */
  refreshTokenIn: z.enum(['body', 'cookie']).default('body'),
});
export type LoginBody = z.infer<typeof LoginBody>;

/** Without a token: the one of the cookie. */
export const RefreshBody = z.strictObject({ refreshToken: z.string().min(1).max(512).optional() });
export type RefreshBody = z.infer<typeof RefreshBody>;

export const TokenPair = z.object({
  accessToken: z.string(),
  /** Lifetime of the access token. */
  expiresInSeconds: z.int(),
  refreshToken: z.string(),
});
export type TokenPair = z.infer<typeof TokenPair>;

/** Tokens; without the refresh token where a cookie holds it. */
export const SignIn = TokenPair.partial({ refreshToken: true });
export type SignIn = z.infer<typeof SignIn>;

/** A device, or a browser, that is signed in. */
export const SignInView = z.object({
  signInId: z.uuid(),
  at: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  /** What it is, as it said when it was last used; null where it did not. */
  browser: z.string().nullable(),
  /** What that runs on. */
  system: z.string().nullable(),
  /** The browser that asks; never true of clients that keep their token themselves. */
  current: z.boolean(),
});
export type SignInView = z.infer<typeof SignInView>;

/** The token of a link in a mail. */
export const VerifyEmailBody = z.strictObject({ token: z.string().min(1).max(200) });
export type VerifyEmailBody = z.infer<typeof VerifyEmailBody>;

export const ForgotPasswordBody = z.strictObject({ email: RegisterBody.shape.email });
export type ForgotPasswordBody = z.infer<typeof ForgotPasswordBody>;

export const ResetPasswordBody = z.strictObject({ token: VerifyEmailBody.shape.token, newPassword: RegisterBody.shape.password });
export type ResetPasswordBody = z.infer<typeof ResetPasswordBody>;

export const ProfileBody = z.strictObject({ name: RegisterBody.shape.name });
export type ProfileBody = z.infer<typeof ProfileBody>;

export const ChangePasswordBody = z.strictObject({
  currentPassword: LoginBody.shape.password,
  newPassword: RegisterBody.shape.password,
  refreshTokenIn: LoginBody.shape.refreshTokenIn,
});
export type ChangePasswordBody = z.infer<typeof ChangePasswordBody>;

export const UserView = z.object({ id: UserId, email: z.email(), name: z.string(), role: Role, createdAt: z.iso.datetime() });
export type UserView = z.infer<typeof UserView>;

export const CreateSessionBody = z
  .strictObject({
    labId: LabId,
    mode: SessionMode.default('exam'),
    /** Only some questions; of practice alone. */
    drill: Drill.optional(),
    /** For administrators: of a lab of any type, graded twice on the same cluster, and nobody's exam. */
    rehearsal: z.boolean().default(false),
    /** Whether its terminals may be recorded, where the installation records any. */
    recording: z.boolean().default(true),
    /** For administrators: an exact version of the lab, such as a draft that was uploaded. */
    labDigest: PackDigest.optional(),
    /** false: of a full lab that would activate a waiting pass, start nothing, and answer which pass that is. */
    activatePass: z.boolean().default(true),
  })
  .refine(({ mode, drill }) => drill === undefined || mode === 'practice', { path: ['drill'], message: 'goes with the mode practice' })
  .refine(({ mode, rehearsal }) => !rehearsal || mode === 'exam', { path: ['rehearsal'], message: 'goes with the mode exam' });
export type CreateSessionBody = z.infer<typeof CreateSessionBody>;

/** A draft of a lab that was found usable, with what should be looked at. */
export const UploadedPack = z.object({
  labId: LabId,
  digest: PackDigest,
  problems: z.array(z.object({ level: z.enum(['error', 'warning']), place: z.string(), message: z.string() })).readonly(),
});
export type UploadedPack = z.infer<typeof UploadedPack>;

export const ExtendBody = z.strictObject({
  minutes: z.int().min(1).max(240),
  reason: z.string().trim().min(1).max(300),
  /** Makes a repeated call give time once. */
  id: z.uuid(),
});
export type ExtendBody = z.infer<typeof ExtendBody>;

export const TerminateBody = z.strictObject({ reason: z.string().trim().min(1).max(300) });
export type TerminateBody = z.infer<typeof TerminateBody>;

/** A key pair for the candidate's own SSH client; the private half is shown once and stored nowhere. */
export const SshKey = z.object({
  privateKey: z.string(),
  publicKey: z.string(),
  user: z.string(),
  host: z.string(),
  port: z.int(),
  /** The terminal's, OpenSSH public key format. */
  hostKey: z.string(),
  /** Lines of a `known_hosts` file: the terminal, and the machines behind it. */
  knownHosts: z.string(),
  /** An `ssh_config` file: `ssh -F ckx-ssh terminal`, and so for each machine behind it. */
  config: z.string(),
});
export type SshKey = z.infer<typeof SshKey>;

const portUse = z.object({ allocated: z.int(), available: z.int(), total: z.int() });
/** Statistics of one host's or all hosts' port ranges, in the form of the phase-1 seed, 3.1. */
export const PortStats = z.object({ vnc: portUse, sshTerminal: portUse, sshJumphost: portUse, k8sApi: portUse });
export type PortStats = z.infer<typeof PortStats>;

/** While it is on no session starts; those that wait go on waiting, those that run go on to their end. */
export const Maintenance = z.object({
  on: z.boolean(),
  /** For candidates: what is done, and until when. */
  message: z.string(),
});
export type Maintenance = z.infer<typeof Maintenance>;

export const SessionStats = z.object({
  active: z.int(),
  waiting: z.int(),
  /** How many more environments of the usual size (one node and a terminal) have room now, whoever waits for them. */
  free: z.int(),
  /** Environments there are, and `free`: how many fit at once by the hosts' capacity and MAX_CONCURRENT_SESSIONS. */
  capacity: z.int(),
  byState: z.record(z.string(), z.int()),
  maintenance: Maintenance,
});
export type SessionStats = z.infer<typeof SessionStats>;

export const ExamPorts = z.object({ examSessionId: z.uuid(), ports: SessionPorts });
export type ExamPorts = z.infer<typeof ExamPorts>;
