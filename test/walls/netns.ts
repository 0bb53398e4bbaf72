/** Run in a network namespace of its own: takes each rule of the firewall away, and says whether that is seen and mended. Argument: a script that sets the rules by hand. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { firewallGaps, setFirewall } from '@ckx/host-walls';

const run = promisify(execFile);
const rulesOf = async (program: string) => (await run(program, ['-t', 'mangle', '-S'])).stdout.split('\n').filter((line) => line !== '');
const change = (program: string, rule: string) => run(program, ['-t', 'mangle', ...rule.split(/\s+/)]);

// Rules that an operator set by hand count as ours.
const [byHand] = process.argv.slice(2);
if (byHand !== undefined) await run('bash', ['-c', byHand]);
const gapsByHand = await firewallGaps();
await setFirewall();
const unseen: string[] = [];
let healed = (await firewallGaps()).length === 0;
let rules = 0;
for (const program of ['iptables', 'ip6tables']) {
  const whole = await rulesOf(program);
  for (const rule of whole.filter((line) => line.startsWith('-A '))) {
    rules += 1;
    await change(program, rule.replace('-A', '-D'));
    if ((await firewallGaps()).length === 0) unseen.push(rule);
    await setFirewall();
    healed &&= (await firewallGaps()).length === 0;
  }
  // The order between jumps of different chains may differ; what is there may not.
  healed &&= (await rulesOf(program)).sort().join() === whole.sort().join();
}
await change('iptables', '-I INPUT 1 -j ACCEPT');
const accepted = (await firewallGaps()).length === 0;
await setFirewall();
healed &&= (await firewallGaps()).length === 0;
const before = (await rulesOf('iptables')).join();
await setFirewall();
const writtenTwice = (await rulesOf('iptables')).join() !== before;
console.log(JSON.stringify({ gapsByHand, rules, unseen, healed, writtenTwice, accepted }));
