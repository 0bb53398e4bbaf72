/** What labs may ask of a cluster beside what every cluster has. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentNeeds, type EnvironmentSpec } from '@ckx/contracts';
import { sshRun, testEngine, testShell, testSpec, type TestEngine } from '@ckx/test-support/engine';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';

let engine: TestEngine;
let shell: ssh2.Client;

async function until(command: string, timeoutMs: number): Promise<string> {
  const givenUpAt = performance.now() + timeoutMs;
  for (;;) {
    const { exitCode, stdout, stderr } = await sshRun(shell, command);
    if (exitCode === 0) return stdout.trim();
    if (performance.now() > givenUpAt) throw new Error(`After ${timeoutMs} ms still: ${command}\n${stdout}${stderr}`);
    await sleep(500);
  }
}

beforeAll(async () => {
  engine = await testEngine();
  const spec: EnvironmentSpec = { ...(await testSpec()), needs: EnvironmentNeeds.parse({ nodes: 2, addons: ['metrics', 'ingress'] }) };
  shell = await testShell(engine, spec);
});
afterAll(async () => {
  shell.end();
  await engine[Symbol.asyncDispose]();
});

it('metrics: kubectl top tells of nodes and pods, and an autoscaler acts on it', async () => {
  const begun = performance.now();
  const nodes = await until('kubectl top nodes --no-headers', 90_000);
  console.log(`kubectl top answered ${Math.round(performance.now() - begun)} ms after the terminal was open`);
  expect(nodes).toMatch(/^controlplane +\d+m +\d+% +\d+Mi +\d+% *\nnode01 +\d+m +\d+% +\d+Mi +\d+%$/);
  await until('kubectl create deployment busy --image=busybox:1.36 -- sh -c "while true; do true; done"', 10_000);
  await until('kubectl set resources deployment busy --requests=cpu=50m --limits=cpu=200m', 10_000);
  await until('kubectl autoscale deployment busy --min=1 --max=2 --cpu=50%', 10_000);
  expect(await until('kubectl top pods -l app=busy --no-headers | grep -v " 0m "', 90_000)).toMatch(/^busy-\S+ +\d+m +\d+Mi/);
  await until('test "$(kubectl get deployment busy -o jsonpath={.spec.replicas})" = 2', 120_000);
}, 400_000);

it('ingress: requests are led by host and path, over TLS too, and the nodes are named as the way in', async () => {
  const apply = `kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [secure.example], secretName: secure }]
  rules:
    - host: shop.example
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: front, port: { number: 80 } } } }
          - { path: /back, pathType: Prefix, backend: { service: { name: back, port: { number: 80 } } } }
    - { host: secure.example, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: front, port: { number: 80 } } } }] } }
YAML`;
  for (const name of ['front', 'back']) {
    await until(`kubectl create deployment ${name} --image=nginx:1.27 && kubectl expose deployment ${name} --port=80`, 10_000);
    await until(`kubectl rollout status deployment ${name} --timeout=60s`, 70_000);
    const page = `mkdir -p /usr/share/nginx/html/back && echo ${name} | tee /usr/share/nginx/html/index.html >/usr/share/nginx/html/back/index.html`;
    await until(`kubectl exec deployment/${name} -- sh -c '${page}'`, 10_000);
  }
  await until(
    'openssl req -x509 -newkey ed25519 -nodes -subj /CN=secure.example -addext subjectAltName=DNS:secure.example -keyout k.pem -out c.pem 2>/dev/null && kubectl create secret tls secure --cert=c.pem --key=k.pem',
    20_000,
  );
  await until(apply, 10_000);
  for (const node of ['controlplane', 'node01']) {
    const ask = `curl -s -m 3 --resolve shop.example:30080:$(getent hosts ${node} | cut -d' ' -f1) http://shop.example:30080`;
    await until(`test "$(${ask}/)" = front`, 30_000);
    await until(`test "$(${ask}/back/)" = back`, 5_000);
    await until(`test "$(curl -s -o /dev/null -w '%{http_code}' -m 3 http://${node}:30080/)" = 404`, 5_000);
  }
  const secure =
    "curl -s -m 3 --cacert c.pem --resolve secure.example:30443:$(getent hosts node01 | cut -d' ' -f1) https://secure.example:30443/";
  await until(`test "$(${secure})" = front`, 10_000);
  await until("kubectl get ingress shop -o jsonpath='{.status.loadBalancer.ingress[0].ip}' | grep -q '^10[.]'", 10_000);
  await until('kubectl scale deployment back --replicas=0', 10_000);
  const unavailable = "curl -s -o /dev/null -w '%{http_code}' -m 3 -H 'Host: shop.example' http://node01:30080/back";
  await until(`test "$(${unavailable})" = 503`, 30_000);
}, 300_000);
