/** Rules for single scripts. Each looks at lines, and knows nothing of shells: it finds what is plain, and is silent in doubt. */
import { isIPv4 } from 'node:net';
import type { Findings } from './finding.ts';
import { IMAGES_FROM_BIRTH } from './images.ts';
import type { LintedScript } from './script.ts';

const IMAGE = /(?:^|[\s{,-])(?:image:\s*|--image[= ])["']?([^\s"',}]+)/g;

/** Images that no environment has, or that may change under their name. */
export function lintImages(script: LintedScript, { mayReachOut, findings }: { mayReachOut: boolean; findings: Findings }): void {
  eachMatch(script, IMAGE, (name, index) => {
    if (name.includes('$') || name.includes('`')) return;
    const [, tag] = /:([^/:]+)$/.exec(name) ?? [];
    const pinned = name.includes('@sha256:') || (tag !== undefined && tag !== 'latest');
    if (!pinned) findings.addAt('warning', 'IMAGE_UNPINNED', script, index, `The image “${name}” has no tag that stays the same.`);
    else if (!mayReachOut && !IMAGES_FROM_BIRTH.has(withRegistry(name))) {
      findings.addAt('warning', 'IMAGE_UNDECLARED', script, index, `No environment has the image “${name}”.`);
    }
  });
}

/** `nginx:1.27` is docker.io/library/nginx:1.27. */
function withRegistry(name: string): string {
  const [first = '', ...rest] = name.split('/');
  if (rest.length === 0) return `docker.io/library/${name}`;
  return first.includes('.') || first.includes(':') || first === 'localhost' ? name : `docker.io/${name}`;
}

const URL_HOST = /\b(?:https?|ftp):\/\/(?:[^\s/@"']*@)?([^\s/:"'`<>(){}|;?\\]+)/g;
/** Names that are nobody's (RFC 2606, 6761), or those of a cluster. */
const OWN_HOST = /(^|\.)(localhost|local|internal|svc|test|example|invalid|example\.(com|org|net))$|\.svc\./;

/** Addresses that no environment can reach. */
export function lintHosts(script: LintedScript, findings: Findings): void {
  eachMatch(script, URL_HOST, (host, index) => {
    const own = host.includes('$') || !host.includes('.') || host.startsWith('[') || isIPv4(host) || OWN_HOST.test(host);
    if (!own)
      findings.addAt('warning', 'HOST_UNREACHABLE', script, index, `The script asks the host “${host}”, which no environment can reach.`);
  });
}

const OTHER_SHEBANG = /^#!(?!.*\b(?:ba)?sh\b)/;
const CALLED_BY_PATH =
  /(?:^|[;&|(]|\b(?:if|while|until|then|do)\s|!\s)\s*"?(?:\.{1,2}\/|\$\{?BASH_SOURCE|\$\(dirname "?\$0"?\)|\/tmp\/exam-assets\/)[^\s;|&(]*\.sh\b/;

/** What relies on a mode or a first line: scripts are staged as plain files and run with bash. */
export function lintInvocation(script: LintedScript, findings: Findings): void {
  if (OTHER_SHEBANG.test(script.lines[0] ?? '')) {
    findings.addAt('warning', 'SHEBANG_IGNORED', script, 0, 'The first line names another interpreter; scripts are run with bash.');
  }
  script.code.forEach((line, index) => {
    if (CALLED_BY_PATH.test(line)) {
      findings.addAt(
        'warning',
        'SCRIPT_NOT_EXECUTABLE',
        script,
        index,
        'A file of the pack is called as a program, and is none when staged.',
      );
    }
  });
}

const STRICT = /^\s*set\s+(-[a-z]*e|-o errexit|-\w+ -o errexit)/;

/** A setup that goes on after an error sets a question that nobody can solve. */
export function lintStrictness(script: LintedScript, findings: Findings): void {
  if (!script.code.some((line) => STRICT.test(line))) {
    findings.add('warning', 'SETUP_NOT_STRICT', script.path, 'The setup goes on after a command that failed.');
  }
}

const KINDS =
  'pods?|po|deploy(?:ments?)?|svc|services?|configmaps?|cm|secrets?|sa|serviceaccounts?|jobs?|cronjobs?|pvc|statefulsets?|sts|daemonsets?|ds|ingress(?:es)?|ing|networkpolic(?:y|ies)|netpol|roles?|rolebindings?|clusterroles?|clusterrolebindings?';
const NAME = '([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?=["\'\\s;|)&]|$)';
/** Names that a script passes to kubectl or a function for checks: of a namespace, or of an object after its kind. */
const NAMED = [
  new RegExp(`(?:\\s-n|--namespace)[ =]["']?${NAME}`, 'g'),
  new RegExp(`\\b(?:get|exec|logs|describe) (?:-\\S+ )*(?:${KINDS})[ /]${NAME}`, 'g'),
  new RegExp(`\\b(?:ready_pods|page_of|value_of) ${NAME}`, 'g'),
  new RegExp(`\\b(?:ready_pods|page_of) [\\w-]+ ${NAME}`, 'g'),
  new RegExp(`\\bvalue_of [\\w-]+ [\\w.]+ ${NAME}`, 'g'),
];
/** Of what strangers send no more is looked at. */
const NAMES_LOOKED_AT = 100;
/** What every cluster has. */
const EVERYWHERE = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease', 'kubernetes', 'json', 'yaml']);

/** Names that a check asks for and that nobody told the candidate of, neither in words nor by what is there. */
export function lintNames(script: LintedScript, told: string, findings: Findings): void {
  const seen = new Set<string>();
  const made = new Set([...script.code.join('\n').matchAll(/\b(?:run|create [\w-]+) ([a-z0-9-]+)/g)].map(([, name]) => name));
  for (const pattern of NAMED) {
    eachMatch(script, pattern, (name, index) => {
      if (seen.has(name) || seen.size > NAMES_LOOKED_AT || made.has(name) || EVERYWHERE.has(name) || mentions(told, name)) return;
      seen.add(name);
      findings.addAt(
        'warning',
        'CHECK_NAME_UNKNOWN',
        script,
        index,
        `The check asks for “${name}”, which neither the text nor the setup names.`,
      );
    });
  }
}

/** As a word of its own: `web` is not mentioned by `webserver`. */
function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![a-z0-9-])${name}(?![a-z0-9-])`).test(text);
}

function eachMatch({ code }: LintedScript, pattern: RegExp, use: (found: string, index: number) => void): void {
  code.forEach((line, index) => {
    for (const match of line.matchAll(pattern)) if (match[1] !== undefined) use(match[1], index);
  });
}
