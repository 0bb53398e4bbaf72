/** What holds of every lab of this project, over and above what lint asks of anybody's. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPack } from '../src/index.ts';

const folder = join(import.meta.dirname, '../../../labs');
const labs = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => loadPack(join(folder, name)));

/** Shares of the domains in percent, as the curricula are published; nobody publishes one for Helm. */
const CURRICULA: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  CKAD: {
    'Application Design and Build': 20,
    'Application Deployment': 20,
    'Application Observability and Maintenance': 15,
    'Application Environment, Configuration and Security': 25,
    'Services and Networking': 20,
  },
  CKA: {
    Storage: 10,
    Troubleshooting: 30,
    'Workloads and Scheduling': 15,
    'Cluster Architecture, Installation and Configuration': 25,
    'Services and Networking': 20,
  },
  CKS: {
    'Cluster Setup': 15,
    'Cluster Hardening': 15,
    'System Hardening': 10,
    'Minimize Microservice Vulnerabilities': 20,
    'Supply Chain Security': 20,
    'Monitoring, Logging and Runtime Security': 20,
  },
};
/** Points of the curriculum by which a full lab may be off in one domain: questions are not made of sand. */
const TOLERANCE = 2;

describe.each(labs.map((lab) => [lab.summary.id, lab] as const))('%s', (_id, { summary, questions }) => {
  it.each(questions.map((question) => [question.view.id, question] as const))(
    'explains %s, and has wrong answers to it',
    (_name, question) => {
      expect(question.explanation).not.toBeNull();
      expect(question.documentation.length).toBeGreaterThan(0);
      expect(
        question.documentation
          .map((page) => new URL(page).hostname)
          .filter((host) => !/^(kubernetes\.io|helm\.sh|docs\.docker\.com)$/.test(host)),
      ).toEqual([]);
      expect(question.wrong.length).toBeGreaterThanOrEqual(2);
      expect(question.view.targetMinutes).toBeGreaterThan(0);
    },
  );

  const curriculum = CURRICULA[summary.category];
  it.runIf(curriculum !== undefined)('names the domains of the curriculum', () => {
    expect(questions.map(({ view }) => view.domain).filter((domain) => !Object.hasOwn(curriculum ?? {}, domain))).toEqual([]);
  });

  it.runIf(curriculum !== undefined && summary.type === 'full')('weighs the domains as the curriculum does', () => {
    const total = questions.reduce((sum, { view }) => sum + view.weight, 0);
    for (const [domain, share] of Object.entries(curriculum ?? {})) {
      const points = questions.filter(({ view }) => view.domain === domain).reduce((sum, { view }) => sum + view.weight, 0);
      expect(Math.abs((100 * points) / total - share), domain).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});
