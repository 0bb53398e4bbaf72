/** What watches an installation fits together: rules, their tests, the runbook, the dashboard, and the metrics that there are. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { promisedMetrics } from '@ckx/test-support/metrics-page';
import { resolveTool } from '@ckx/toolchain';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const RULES = join(ROOT, 'deploy/prometheus/ckx.rules.yml');
const TESTS = join(ROOT, 'deploy/prometheus/ckx.rules.test.yml');
const RUNBOOK = 'docs/operations/runbook';

const Rule = z.strictObject({
  alert: z.string().regex(/^Ckx[A-Z]\w+$/),
  expr: z.string(),
  for: z.string(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({
    summary: z.string().regex(/^\S.*\.$/),
    description: z.string().regex(/^\S.*\.$/),
    runbook_url: z.string(),
  }),
});
type Rule = z.infer<typeof Rule>;
const Rules = z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) });
const Cases = z.object({
  tests: z.array(
    z.object({ name: z.string(), promql_expr_test: z.array(z.object({ expr: z.string(), exp_samples: z.array(z.unknown()) })) }),
  ),
});
const Panel = z.object({
  title: z.string(),
  type: z.string(),
  description: z.string().optional(),
  gridPos: z.object({ x: z.int(), w: z.int() }),
  targets: z.array(z.object({ expr: z.string() })).optional(),
});
const Dashboard = z.object({ title: z.string(), panels: z.array(Panel) });

const run = promisify(execFile);
let promtool: (...args: string[]) => Promise<{ stdout: string }>;
let rules: Rule[];
let dashboard: z.infer<typeof Dashboard>;
beforeAll(async () => {
  const { path } = await resolveTool('promtool', () => undefined);
  promtool = (...args) => run(path, args);
  rules = Rules.parse(parse(await readFile(RULES, 'utf8'))).groups.flatMap((group) => group.rules);
  dashboard = Dashboard.parse(JSON.parse(await readFile(join(ROOT, 'deploy/grafana/ckx.json'), 'utf8')));
}, 600_000);

/** Names of metrics in an expression, without what Prometheus adds to those of a histogram. */
function metricsIn(expression: string): string[] {
  const names = expression.match(/\b(?:ckx|temporal)_\w+/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))];
}

describe('alert rules', () => {
  it('are understood by Prometheus, and so is the example of a configuration', async () => {
    expect((await promtool('check', 'rules', '--lint=all', '--lint-fatal', RULES)).stdout).toContain(`${rules.length} rules found`);
    await promtool('check', 'config', join(ROOT, 'deploy/prometheus/prometheus.yml'));
  });

  it('fire when they should, and only then', { timeout: 60_000 }, async () => {
    await promtool('test', 'rules', TESTS);
  });

  it('have each a case in which they fire, and one in which they do not', async () => {
    const { tests } = Cases.parse(parse(await readFile(TESTS, 'utf8')));
    for (const { alert } of rules) {
      const looks = tests.filter(({ name }) => name.startsWith(`${alert}: `)).flatMap((test) => test.promql_expr_test);
      expect(
        looks.every(({ expr }) => expr.includes(`alertname="${alert}"`)),
        alert,
      ).toBe(true);
      expect(
        looks.some(({ exp_samples }) => exp_samples.length > 0),
        `${alert} fires`,
      ).toBe(true);
      expect(
        looks.some(({ exp_samples }) => exp_samples.length === 0),
        `${alert} keeps quiet`,
      ).toBe(true);
    }
  });

  it('take the largest of what every copy of the API says alike, never the sum', async () => {
    const promised = await promisedMetrics();
    const shared = [...promised].filter(([heading]) => heading.startsWith('Of the installation')).flatMap(([, metrics]) => metrics);
    const names = new Set(shared.map(({ name }) => name).filter((name) => name !== 'ckx_part_ready'));
    expect(names.size).toBeGreaterThan(20);
    const expressions = [
      ...rules.map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ];
    for (const expr of expressions.filter((text) => metricsIn(text).some((name) => names.has(name)))) {
      expect(expr).toContain('max without (instance, job)');
      expect(expr).not.toMatch(/sum by|sum\(/);
    }
  });
});

describe('the runbook', () => {
  it('has a page for each alert, and an alert for each page', async () => {
    const pages = (await readdir(join(ROOT, RUNBOOK))).map((file) => `${RUNBOOK}/${file}`);
    expect(rules.map((rule) => rule.annotations.runbook_url).toSorted()).toEqual(pages.toSorted());
    for (const { alert, annotations } of rules) expect(annotations.runbook_url).toBe(`${RUNBOOK}/${alert}.md`);
  });

  it('says on each page what it means, how to look, what to do, and when it is over', async () => {
    for (const { alert, annotations } of rules) {
      const text = await readFile(join(ROOT, annotations.runbook_url), 'utf8');
      expect(text, alert).toMatch(new RegExp(`^# ${alert}: \\S`));
      for (const part of [
        /^\*\*For candidates\.\*\* \S/m,
        /^## How to look\n\n- /m,
        /^## What to do\n\n- /m,
        /^## When it is over\n\n\S/m,
      ]) {
        expect(text, alert).toMatch(part);
      }
      for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
        await expect(readFile(join(ROOT, RUNBOOK, target)), `${alert} → ${target}`).resolves.toBeDefined();
      }
    }
  });

  it('is listed with every alert, its severity, and how long it waits', async () => {
    const text = await readFile(join(ROOT, 'docs/operations/alerts.md'), 'utf8');
    const listed = [...text.matchAll(/^\| \[(\w+)\]\(runbook\/\1\.md\) +\| (\w+) +\| (\w+) /gm)].map((match) => match.slice(1));
    expect(listed.toSorted()).toEqual(rules.map((rule) => [rule.alert, rule.labels.severity, rule.for]).toSorted());
  });
});

describe('the dashboard', () => {
  it('has a row for each thing that is watched, and panels that say what they show', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual(['Sessions', 'Queue', 'Boot', 'Grading', 'Sweep', 'Hosts']);
    for (const { title, type, targets, description, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      if (type === 'row') continue;
      expect(targets?.length, title).toBeGreaterThan(0);
      expect(description, title).toMatch(/\.$/);
    }
  });

  it('asks what Prometheus understands', { timeout: 60_000 }, async () => {
    for (const { title, targets = [] } of dashboard.panels) {
      for (const { expr } of targets) {
        const query = expr.replaceAll('$__rate_interval', '5m').replaceAll('$installation', 'default');
        await expect(promtool('promql', 'format', '--experimental', query), `${title}: ${query}`).resolves.toBeDefined();
      }
    }
  });
});

it('every metric that a rule or the dashboard asks for is one that is promised, with its labels', async () => {
  const promised = new Map([...(await promisedMetrics()).values()].flat().map((metric) => [metric.name, metric]));
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
  const asked = new Set(expressions.flatMap(metricsIn));
  expect([...asked].filter((name) => !promised.has(name))).toEqual([]);
  for (const [, name = '', matchers = ''] of expressions.join('\n').matchAll(/\b((?:ckx|temporal)_\w+)\{([^}]*)\}/g)) {
    const known = promised.get(name.replace(/_(bucket|sum|count)$/, ''))?.labels ?? [];
    for (const [, label = ''] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
      expect([...known, 'installation'], `${name}{${label}}`).toContain(label);
  }
});
