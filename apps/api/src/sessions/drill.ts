import { CkxError, type Drill, type LabPin, type UserId } from '@ckx/contracts';
import { drilledPin } from '@ckx/lab-packs';
import type { DataSource } from '@ckx/persistence';
import type { KnownPack } from '../labs/packs.ts';
import { readDomains } from '../users/stats.ts';

/**
 * What a drill is started with: so many questions, drawn from the domains that were chosen. `weakest` takes the lab's domains by the
 * candidate's graded exams of its category, the weakest first, until there are enough questions; those never examined come last.
 *
 * @throws CkxError `DRILL_DOMAIN_UNKNOWN` with the lab's domains, `DRILL_TOO_LARGE` with how many there are, `DRILL_WITHOUT_RESULTS`.
 */
export async function pinOfDrill(dataSource: DataSource, userId: UserId, lab: KnownPack, drill: Drill, seed: string): Promise<LabPin> {
  const inLab = new Map(lab.summary.domains.map(({ domain, questions }) => [domain, questions]));
  const chosen = drill.domains === undefined ? await weakest(dataSource, userId, lab, drill.questions) : [...new Set(drill.domains)];
  const unknown = chosen.filter((domain) => !inLab.has(domain));
  if (unknown.length > 0) {
    throw new CkxError(
      'user',
      'DRILL_DOMAIN_UNKNOWN',
      `This lab has no questions of the domain ${unknown.map((name) => `“${name}”`).join(', ')}.`,
      {
        remedy: 'Choose among the domains that the lab lists.',
        details: { domains: [...inLab.keys()] },
      },
    );
  }
  const available = chosen.reduce((sum, domain) => sum + (inLab.get(domain) ?? 0), 0);
  if (drill.questions > available) {
    throw new CkxError('user', 'DRILL_TOO_LARGE', `${drill.questions} questions are asked of ${available}.`, {
      remedy: 'Ask for fewer questions, or choose more domains.',
      details: { available },
    });
  }
  return drilledPin(lab, chosen, drill.questions, seed);
}

/** The weakest domains of the lab that have `count` questions together; all of them where they have fewer. */
async function weakest(dataSource: DataSource, userId: UserId, { summary }: KnownPack, count: number): Promise<string[]> {
  const examined = (await readDomains(dataSource, userId)).filter(({ category }) => category === summary.category);
  const known = examined.map(({ domain }) => domain).filter((name) => summary.domains.some(({ domain }) => domain === name));
  if (known.length === 0) {
    throw new CkxError('user', 'DRILL_WITHOUT_RESULTS', `No graded exam of yours has questions of this lab’s domains.`, {
      remedy: 'Sit an exam of this category first, or choose domains.',
    });
  }
  const rest = summary.domains.map(({ domain }) => domain).filter((name) => !known.includes(name));
  const chosen: string[] = [];
  let questions = 0;
  for (const domain of [...known, ...rest]) {
    if (questions >= count) break;
    chosen.push(domain);
    questions += summary.domains.find((one) => one.domain === domain)?.questions ?? 0;
  }
  return chosen;
}
