import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mirrorFor, readSources, sourceLines } from './images-base.ts';
import { openDigests } from './images-digests.ts';
import { IMAGE_NAMES, IMAGE_TOOLS, readRecipes, type ImageName } from './images-recipe.ts';
import type { Tool } from './tools.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-images-'));
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
});
afterEach(async () => {
  delete process.env['XDG_CACHE_HOME'];
  await rm(folder, { recursive: true, force: true });
});

const PROGRAMS = {
  kubernetes: ['kube-components', 'kubectl', 'kubeadm'],
  etcd: ['etcd', 'etcdctl', 'etcdutl'],
  coredns: ['coredns'],
  'local-path-provisioner': ['local-path-provisioner'],
  'metrics-server': ['metrics-server'],
  helm: ['helm'],
  yq: ['yq'],
  netpol: ['ckx-netpol'],
  crictl: ['crictl'],
  ingress: ['ckx-ingress'],
  'gateway-api': ['gateway-api.yaml'],
  compose: ['docker-compose'],
};

/** Tools that are text files, `content` in one of them. */
async function tools(program: string, content: string): Promise<Tool[]> {
  return Promise.all(
    IMAGE_TOOLS.map(async (name) => {
      const bins: Record<string, string> = {};
      for (const bin of PROGRAMS[name]) {
        const path = join(folder, bin);
        await writeFile(path, bin === program ? content : bin);
        bins[bin] = path;
      }
      return { name, version: '1', origin: 'cache' as const, path: folder, bins };
    }),
  );
}

describe('the tag of an image', () => {
  it('is the same for the same ingredients, and another for every image that a change reaches', async () => {
    const before = await readRecipes(await tools('helm', 'helm'));
    expect(await readRecipes(await tools('helm', 'helm'))).toEqual(before);
    const reached = async (program: string): Promise<ImageName[]> => {
      const after = await readRecipes(await tools(program, 'another'));
      return IMAGE_NAMES.filter((name) => after[name].tag !== before[name].tag);
    };
    expect(IMAGE_NAMES).toEqual(Object.keys(before));
    expect(await reached('helm')).toEqual(['terminal']);
    expect(await reached('docker-compose')).toEqual(['terminal']);
    expect(await reached('ckx-netpol')).toEqual(['node']);
    expect(await reached('gateway-api.yaml')).toEqual(['node']);
    expect(await reached('coredns')).toEqual(['workloads', 'store', 'node', 'engine']);
    expect(await reached('kubectl')).toEqual(['node-system', 'store', 'node', 'terminal']);
  }, 20_000);

  it('says from which image each is made', async () => {
    const recipes = await readRecipes(await tools('helm', 'one'));
    expect(recipes.node.buildArgs).toEqual({ STORE: recipes.store.tag });
    expect(recipes.node.tag).toMatch(/^ckx\/node:[0-9a-f]{12}$/);
    expect(recipes.terminal.files.map(({ path }) => path)).not.toContain('container.json');
  });
});

describe('digests', () => {
  it('are read again when a file changes', async () => {
    const path = join(folder, 'large');
    const memory = join(folder, 'digests.json');
    const digest = async () => {
      const digests = await openDigests(memory);
      const result = await digests.of(path);
      await digests.keep();
      return result;
    };
    await writeFile(path, Buffer.alloc(2 ** 20, 'a'));
    const first = await digest();
    expect(await digest()).toBe(first);
    await writeFile(path, Buffer.alloc(2 ** 20, 'b'));
    await utimes(path, new Date(), new Date(Date.now() + 5_000));
    expect(await digest()).not.toBe(first);
    await writeFile(memory, 'not JSON');
    expect(await digest()).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('package sources of the machine', () => {
  it('are read in both formats, those that are switched off left out', async () => {
    await mkdir(join(folder, 'sources.list.d'));
    await writeFile(
      join(folder, 'sources.list'),
      '# deb http://off.example bookworm main\ndeb [arch=amd64] http://one.example/debian bookworm main\n',
    );
    await writeFile(
      join(folder, 'sources.list.d', 'b.sources'),
      'Types: deb\nURIs: http://two.example/debian\nSuites: bookworm bookworm-updates\n\nTypes: deb\nEnabled: no\nURIs: http://no.example\nSuites: bookworm\n',
    );
    await writeFile(join(folder, 'sources.list.d', 'c.list'), 'deb http://tool.example/apt stable main\n');
    const sources = await readSources(folder);
    expect(mirrorFor(sources)).toBe('http://one.example/debian');
    expect(sourceLines(sources)).toBe(
      'deb http://one.example/debian bookworm main\ndeb http://two.example/debian bookworm main\ndeb http://two.example/debian bookworm-updates main\n',
    );
    expect(mirrorFor(await readSources(join(folder, 'none')))).toBeUndefined();
  });
});
