/** Building on an engine, through its API: an image from a context, and the one image that a Dockerfile cannot make. */
import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { CkxError } from '@ckx/contracts';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { z } from 'zod';
import { readImageFile, type ContextFile, type ImageRecipe } from './images-recipe.ts';

/** On every image of ours, with its name: what {@link readBuiltImages} finds. */
export const IMAGE_LABEL = 'ckx.image';
/** Of what a build said, how much an error repeats. */
const KEPT_LINES = 12;
const KEPT_LINE_LENGTH = 300;
/** Proxies of the machine, which Docker knows as build arguments of any Dockerfile. */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

const Progress = z.looseObject({ stream: z.string().optional(), status: z.string().optional(), error: z.string().optional() });

/** Builds with the engine's own builder, which every engine has. @throws CkxError `IMAGE_BUILD_FAILED` with the last lines. */
export async function buildImage(docker: Docker, recipe: ImageRecipe): Promise<void> {
  const context = pack();
  const body = new PassThrough();
  const packed = Promise.all([packFiles(context, recipe.files), pipeline(context, body)]);
  const proxies = Object.fromEntries(PROXIES.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const answer = docker.buildImage(body, {
    t: recipe.tag,
    buildargs: { ...proxies, ...recipe.buildArgs },
    labels: { [IMAGE_LABEL]: recipe.name },
    rm: true,
    forcerm: true,
  });
  const [stream] = await Promise.all([answer, packed]);
  await followBuild(stream, `image ${recipe.name}`);
}

async function packFiles(context: ReturnType<typeof pack>, files: readonly ContextFile[]): Promise<void> {
  try {
    for (const { path, source, executable, sizeBytes } of files) {
      const entry = context.entry({ name: path, size: sizeBytes, mode: executable ? 0o755 : 0o644, mtime: new Date(0) });
      await pipeline(createReadStream(source), entry);
    }
    context.finalize();
  } catch (error) {
    context.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Reads an engine's progress messages, a JSON object per line, to their end. */
export async function followBuild(stream: NodeJS.ReadableStream, what: string): Promise<void> {
  const lines: string[] = [];
  let rest = '';
  for await (const chunk of stream) {
    rest += chunk.toString();
    const messages = rest.split('\n');
    rest = messages.pop() ?? '';
    for (const message of messages.filter((text) => text.trim() !== '')) {
      const { stream: said, status, error } = Progress.parse(JSON.parse(message));
      if (error !== undefined) throw buildFailed(what, `${lines.join('').trimEnd()}\n${error}`);
      lines.push(said ?? (status === undefined ? '' : `${status}\n`));
      if (lines.length > 10 * KEPT_LINES) lines.shift();
    }
  }
}

function buildFailed(what: string, said: string): CkxError {
  const plain = stripVTControlCharacters(said).replaceAll('\r', '').split('\n');
  const last = plain.filter((line) => line.trim() !== '').slice(-KEPT_LINES);
  const shown = last.map((line) => line.slice(0, KEPT_LINE_LENGTH)).join('\n');
  return new CkxError('operational', 'IMAGE_BUILD_FAILED', `Building the ${what} failed:\n${shown}`, {
    remedy: 'Packages come from the Debian mirror: check that this machine reaches it, then run the same command again.',
  });
}

const STORE_BUILDER = 'ckx-store-build';
const ARCHIVE_VOLUME = 'ckx-store-build';
const ARCHIVE = '/out/images.tar';
const STORE = '/opt/ckx/containerd';

/**
 * Unpacks the preloaded images into a store (images/store/build-store.sh) and keeps it as an image. Layers are unpacked by mounting,
 * which the builder of an engine does not allow: hence a container of its own, with what mounting needs.
 */
export async function buildStore(docker: Docker, recipe: ImageRecipe): Promise<void> {
  const { SYSTEM: system, WORKLOADS: workloads } = recipe.buildArgs;
  await removeStoreBuild(docker);
  try {
    // An engine fills a new volume with what the image has at the place where it is mounted.
    const seed = await docker.createContainer({
      name: `${STORE_BUILDER}-seed`,
      ...(workloads === undefined ? {} : { Image: workloads }),
      Cmd: ['true'],
      HostConfig: { Binds: [`${ARCHIVE_VOLUME}:/out`] },
    });
    await seed.remove();
    const builder = await docker.createContainer({
      name: STORE_BUILDER,
      ...(system === undefined ? {} : { Image: system }),
      Entrypoint: ['/bin/bash', '-c', await readImageFile('store', 'build-store.sh'), 'build-store.sh', ARCHIVE, STORE],
      Volumes: { '/var/lib/containerd': {} },
      HostConfig: {
        Binds: [`${ARCHIVE_VOLUME}:/out:ro`],
        NetworkMode: 'none',
        CapAdd: ['SYS_ADMIN'],
        SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      },
    });
    await builder.start();
    const { StatusCode: code } = z.looseObject({ StatusCode: z.number() }).parse(await builder.wait());
    if (code !== 0) {
      const said = await builder.logs({ stdout: true, stderr: true, tail: KEPT_LINES });
      throw buildFailed('image store', said.toString());
    }
    await builder.commit({ ...splitTag(recipe.tag), changes: `LABEL ${IMAGE_LABEL}=${recipe.name}` });
  } finally {
    await removeStoreBuild(docker);
  }
}

async function removeStoreBuild(docker: Docker): Promise<void> {
  for (const name of [STORE_BUILDER, `${STORE_BUILDER}-seed`]) {
    await docker.getContainer(name).remove({ force: true, v: true }).catch(ignoreAbsent);
  }
  await docker.getVolume(ARCHIVE_VOLUME).remove().catch(ignoreAbsent);
}

/** A tag as the engine's API wants it. */
export function splitTag(image: string): { repo: string; tag: string } {
  const colon = image.lastIndexOf(':');
  return { repo: image.slice(0, colon), tag: image.slice(colon + 1) };
}

/** For what may be gone already. */
export function ignoreAbsent(error: unknown): void {
  if (!isAbsent(error)) throw error;
}

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
