import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureGo, sourceFolder } from './go.ts';
import { run } from './processes.ts';
import { TOOLS, type ToolSpec } from './tool-table.ts';

const specs: readonly ToolSpec[] = Object.values(TOOLS);
const programs = specs.flatMap(({ build }) => build.flatMap(({ sources }) => sources ?? []));

/** Two cores that other tests use as well, and a first compilation. */
describe('programs of ours in Go pass their own tests', { timeout: 600_000 }, () => {
  it.each(programs)('%s', async (sources) => {
    const go = await ensureGo(() => undefined);
    const options = { cwd: sourceFolder(sources), env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'auto', GOFLAGS: '' } };
    const tested = await run(go.path, ['test', '-count=1', '-timeout', '4m', './...'], options);
    expect(tested.code, tested.stdout + tested.stderr).toBe(0);
    const vetted = await run(go.path, ['vet', './...'], options);
    expect(vetted.code, vetted.stderr).toBe(0);
    expect((await run(join(dirname(go.path), 'gofmt'), ['-l', '.'], options)).stdout).toBe('');
  });
});
