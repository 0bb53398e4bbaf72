export type {
  ContainerStatus,
  EngineFacts,
  EnvironmentInspection,
  EnvironmentProvider,
  ExecRequest,
  ExecResult,
  Milestone,
  Restarted,
  ToolboxRole,
  WaitOptions,
  WatchOptions,
} from './provider.ts';
export { DockerProvider, type DockerProviderOptions } from './docker/docker-provider.ts';
export { assetsFolder, environmentFolder } from './docker/naming.ts';
export { newSshKeyPair, normalisePublicKey } from './ssh-keys.ts';
export { start as startContainer } from './docker/containers.ts';
export { readContainerSettings } from './docker/settings.ts';
