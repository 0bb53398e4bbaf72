import type { KeyObject } from 'node:crypto';
import type { ExecutionEnvironmentId, Units } from '@ckx/contracts';
import type { DocumentationProxy } from '@ckx/documentation';
import type { Logger } from '@ckx/logging';
import type Docker from 'dockerode';
import type { ContainerSettings } from './settings.ts';
import type { SharedNodeMemory } from './shared/memory.ts';

/** What every part of the Docker provider works with. */
export interface DockerContext {
  readonly docker: Docker;
  readonly logger: Logger;
  /** Label on every resource; another installation's are never touched. */
  readonly installation: string;
  /** Address on which published ports are bound and reached. */
  readonly hostAddress: string;
  /** The same for the candidate's own SSH client. */
  readonly jumphostAddress: string;
  readonly images: { readonly node: string; readonly terminal: string; readonly desktop: string; readonly engine?: string | undefined };
  readonly settings: Readonly<Record<'node' | 'terminal' | 'desktop' | 'engine', ContainerSettings>>;
  /** What only the gateway may read is sealed to it; where there is none, terminals have no way in for the gateway. */
  readonly gatewayKey?: KeyObject | undefined;
  /** Folder on this host for exam-env-<id> and exam-assets-<id>. */
  readonly workDir: string;
  /** Of the networks of this host, CIDR notation; its last /26 is the shared node's. */
  readonly subnetPool: string;
  /** What environments may take of this host, by which admission goes; where it is absent, nobody is made to give way. */
  readonly capacity?: Units;
  /** What this process knows of the node that sessions share. */
  readonly shared: SharedNodeMemory;
  /** This process and the engine share a machine: a container can be given a folder of this process. */
  readonly besideEngine: boolean;
  /** Ways to the documentation that this process serves: opened with a desktop or a watch, closed with the session. */
  readonly documentation: Map<ExecutionEnvironmentId, Promise<DocumentationProxy>>;
}
