/** What setups of several questions make under one name: they run at once. */
import type { LabPack } from '../pack.ts';
import type { Findings } from './finding.ts';
import { openScript } from './script.ts';

/** What a cluster has once, where it is named in full. */
const MADE_ONCE = [
  { what: 'the namespace', pattern: /\bcreate (?:namespace|ns) ([a-z0-9-]+)/g },
  { what: 'the namespace', pattern: /^kind: Namespace\nmetadata:\s+(?:\{ *)?name: ([a-z0-9-]+)/gm },
  { what: 'the node port', pattern: /\bnodePort: (\d+)/g },
] as const;

export function lintSetups({ root, questions }: Pick<LabPack, 'root' | 'questions'>, findings: Findings): void {
  const makers = new Map<string, string>();
  for (const { view, setup, setupSerial } of questions) {
    if (setupSerial) continue;
    for (const script of setup.map((one) => openScript(root, one))) {
      const text = script.code.join('\n');
      for (const { what, pattern } of MADE_ONCE) {
        for (const match of text.matchAll(pattern)) {
          const thing = `${what} “${match[1] ?? ''}”`;
          const maker = makers.get(thing) ?? view.id;
          makers.set(thing, maker);
          if (maker === view.id) continue;
          const index = text.slice(0, match.index).split('\n').length - 1;
          const message = `The setup of “${maker}” makes ${thing} as well, perhaps at the same moment.`;
          findings.addAt('warning', 'SETUPS_COLLIDE', script, index, message);
        }
      }
    }
  }
}
