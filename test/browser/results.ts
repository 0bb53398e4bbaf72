/** Results of ckad-mock-01 as a candidate might have them: some of everything. */
import type { SessionRecords } from './records.ts';

const check = (verdict: 'passed' | 'failed' | 'errored', weight: number, description: string, evidence: string, reason?: string) => ({
  description,
  weight,
  verdict,
  evidence,
  ...(reason === undefined ? {} : { reason }),
});

export const RESULTS = [
  [
    check('passed', 3, 'The Pod weather-desk runs with both containers', 'weather-desk   2/2   Running   0   4m'),
    check('passed', 2, 'The containers share a volume', 'emptyDir mounted at /data in both'),
  ],
  [
    check('passed', 2, 'ferry-canary runs release v2', 'RELEASE=v2'),
    check(
      'failed',
      3,
      'About one request in four reaches v2',
      '40 requests: v1 40, v2 0\nThe selector of the Service still names track=stable.',
    ),
  ],
  [
    check('failed', 4, 'One Pod of furnace is ready', 'furnace-7c9d   0/1   CrashLoopBackOff   7   9m'),
    check('failed', 2, 'The readiness probe asks for /ready every 2 s', ''),
    check('errored', 2, 'The liveness probe restarts after two failures', '', 'The grader did not answer within 30 s.'),
  ],
  [
    check('passed', 3, 'librarian may read Pods and ConfigMaps, and nothing else', 'can-i list pods: yes\ncan-i delete pods: no'),
    check('passed', 1, 'catalog-key holds the token', 'shelf-42-north'),
  ],
  [check('failed', 2, 'timetable answers', 'curl: (28) Connection timed out after 3001 ms\n<script>window.hacked = 1</script>')],
] as const;

/** @param from the first question that is not recorded yet, from 0. @param score another than that of the checks. */
export async function finishResult(records: SessionRecords, from: number, score = { percent: 50, passed: false }): Promise<void> {
  await records.results(...RESULTS.map((checks, index) => (index < from ? [] : [...checks])));
  await records.attempt({ state: 'graded', earned: 11, possible: 22, provisional: true, ...score });
}
