import { z } from 'zod';
import { ExamSessionId, ExecutionEnvironmentId, HostId, UserId } from './ids.ts';
import { EnvironmentNeeds } from './lab.ts';
import { SessionPorts } from './states.ts';

/** Everything a host needs to know to build one environment: all of it decided at admission, nothing chosen later. */
export const EnvironmentSpec = z.object({
  userId: UserId,
  examSessionId: ExamSessionId,
  executionEnvironmentId: ExecutionEnvironmentId,
  hostId: HostId,
  needs: EnvironmentNeeds,
  /** A /26 of the environment's own, CIDR notation. */
  subnet: z.cidrv4(),
  ports: SessionPorts,
});
export type EnvironmentSpec = z.infer<typeof EnvironmentSpec>;

/** What a host learned while it built an environment, and records through the control role. Public facts only. */
export const EnvironmentFacts = z.object({
  /** The terminal's SSH host key, OpenSSH public key format, for clients to pin. */
  sshHostKey: z.string(),
  nodes: z.array(z.object({ name: z.string(), address: z.string() })),
});
export type EnvironmentFacts = z.infer<typeof EnvironmentFacts>;
