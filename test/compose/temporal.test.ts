/** docker-compose.temporal.yml: what an operator relies on, held by a test. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SEARCH_ATTRIBUTES } from '@ckx/contracts/exam-session';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const file = resolve(import.meta.dirname, '../../docker-compose.temporal.yml');

const Condition = z.enum(['service_healthy', 'service_completed_successfully']);
const Service = z.object({
  image: z.string(),
  restart: z.string(),
  environment: z.record(z.string(), z.string()),
  depends_on: z.record(z.string(), z.object({ condition: Condition })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
});
const ComposeFile = z.object({
  services: z.object({ postgres: Service, schema: Service, server: Service, namespace: Service, console: Service }),
  volumes: z.record(z.string(), z.unknown()),
});

const compose = ComposeFile.parse(parse(readFileSync(file, 'utf8')));
const services = Object.entries(compose.services);
const ONE_SHOT = ['schema', 'namespace'];

describe('docker-compose.temporal.yml', () => {
  it.each(services)('pins the image of %s to one release', (_name, { image }) => {
    expect(image).toMatch(/^[a-z]+(\/[a-z-]+)?:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$/);
    expect(image).not.toContain('auto-setup');
  });

  it('sets the schema up with the tools of the server’s own release', () => {
    const release = (image: string) => image.split(':')[1];
    expect(release(compose.services.schema.image)).toBe(release(compose.services.server.image));
    expect(release(compose.services.namespace.image)).toBe(release(compose.services.server.image));
  });

  it.each(services)('knows when %s is done or well', (name, service) => {
    if (ONE_SHOT.includes(name)) {
      expect(service.restart).toMatch(/^on-failure:\d+$/);
      expect(service.healthcheck).toBeUndefined();
    } else {
      expect(service.restart).toBe('unless-stopped');
      expect(service.healthcheck?.test[0]).toBe('CMD');
    }
  });

  it('starts each part after the one it needs, and waits for it as what it is', () => {
    const order = services.flatMap(([name, { depends_on: needs }]) =>
      Object.entries(needs).map(([on, { condition }]) => [name, on, condition]),
    );
    expect(order).toEqual([
      ['schema', 'postgres', 'service_healthy'],
      ['server', 'schema', 'service_completed_successfully'],
      ['namespace', 'server', 'service_healthy'],
      ['console', 'namespace', 'service_completed_successfully'],
    ]);
  });

  it('keeps the data in a volume with a name', () => {
    const [volume] = compose.services.postgres.volumes;
    expect(volume?.split(':')).toEqual(['postgres', '/var/lib/postgresql/data']);
    expect(Object.keys(compose.volumes)).toContain('postgres');
  });

  it('publishes on loopback alone, and the database not at all', () => {
    for (const [name, { ports }] of services) {
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
    }
    expect(compose.services.postgres.ports).toEqual([]);
    expect(compose.services.server.ports).toContain('127.0.0.1:${TEMPORAL_PORT:-7233}:7233');
  });

  it('holds no password: whoever starts it gives one', () => {
    const passwords = services.flatMap(([, { environment }]) => Object.entries(environment).filter(([name]) => /PASSWORD|PWD/.test(name)));
    expect(passwords.length).toBeGreaterThan(0);
    for (const [name, value] of passwords) expect(value, name).toMatch(/^\$\{TEMPORAL_DB_PASSWORD:\?.+\}$/);
  });

  it('registers exactly the search attributes of exam sessions', () => {
    const registered = compose.services.namespace.environment['SEARCH_ATTRIBUTES']?.split(' ') ?? [];
    const used = Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => {
      expect(type).toBe('KEYWORD');
      return name;
    });
    expect(registered.toSorted()).toEqual(used.toSorted());
  });

  it.each(ONE_SHOT)('has a script in %s that a shell can read', (name) => {
    const script = services.find(([service]) => service === name)?.[1].command?.[0]?.replaceAll('$$', '$') ?? '';
    expect(script).not.toBe('');
    expect(spawnSync('/bin/sh', ['-n', '-c', script], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
  it.skipIf(!hasCompose)('is what Docker Compose understands', () => {
    const checked = spawnSync('docker', ['compose', '--file', file, 'config', '--quiet'], {
      encoding: 'utf8',
      env: { ...process.env, TEMPORAL_DB_PASSWORD: 'for the test' },
    });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
  });
});
