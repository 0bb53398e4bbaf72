/** A session's way to its documentation: a socket in a folder of this host, which its desktop is given (libs/documentation). */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentSpec, ExecutionEnvironmentId } from '@ckx/contracts';
import { documentationHosts, serveDocumentation, type DocumentationProxy } from '@ckx/documentation';
import type { DockerContext } from './context.ts';
import { environmentFolder } from './naming.ts';

/** The folder, or null where the engine is on another machine than this process, which its containers cannot ask then. */
export function documentationFolder({ workDir, besideEngine }: DockerContext, { examSessionId }: EnvironmentSpec): string | null {
  return besideEngine ? join(environmentFolder(workDir, examSessionId), 'documentation') : null;
}

/** Serves a session's desktop from here on; the process that did before may be gone. Without effect where it is served. */
export async function openDocumentation(context: DockerContext, spec: EnvironmentSpec): Promise<void> {
  const folder = documentationFolder(context, spec);
  const { executionEnvironmentId, examSessionId } = spec;
  if (folder === null || context.documentation.has(executionEnvironmentId)) return;
  const opening = serve(context, spec, folder);
  context.documentation.set(executionEnvironmentId, opening);
  await opening.catch((error: unknown) => {
    context.documentation.delete(executionEnvironmentId);
    // Its candidate works without it.
    context.logger.error({ err: error, examSessionId, executionEnvironmentId }, 'the documentation of a desktop cannot be served');
  });
}

async function serve(context: DockerContext, spec: EnvironmentSpec, folder: string): Promise<DocumentationProxy> {
  const { examSessionId, executionEnvironmentId } = spec;
  // Nobody else of this machine looks into it.
  await mkdir(environmentFolder(context.workDir, examSessionId), { recursive: true, mode: 0o700 });
  return serveDocumentation({
    folder,
    hosts: documentationHosts(spec.category),
    onRefused: (reason, host) =>
      context.logger.debug({ examSessionId, executionEnvironmentId, reason, host }, 'a desktop asked for what it may not have'),
  });
}

/** Ends it, with every connection. */
export async function closeDocumentation({ documentation }: DockerContext, id: ExecutionEnvironmentId): Promise<void> {
  const opening = documentation.get(id);
  documentation.delete(id);
  const proxy = await opening?.catch(() => undefined);
  await proxy?.close();
}
