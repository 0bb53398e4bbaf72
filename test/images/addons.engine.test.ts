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
  const spec: EnvironmentSpec = {
    ...(await testSpec()),
    needs: EnvironmentNeeds.parse({ nodes: 2, addons: ['metrics', 'ingress', 'gateway'] }),
  };
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

const GATEWAY = `kubectl apply -f - <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: main }
spec:
  gatewayClassName: nginx
  listeners:
    - { name: plain, port: 80, protocol: HTTP }
    - { name: secure, port: 443, protocol: HTTPS, hostname: safe.example, tls: { certificateRefs: [{ name: safe }] } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: colours }
spec:
  parentRefs: [{ name: main }]
  hostnames: [colours.example, safe.example]
  rules:
    - matches: [{ path: { type: PathPrefix, value: /blue } }]
      filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }]
      backendRefs: [{ name: blue, port: 80 }]
    - matches: [{ headers: [{ name: x-colour, value: blue }] }]
      backendRefs: [{ name: blue, port: 80 }]
    - backendRefs: [{ name: red, port: 80, weight: 3 }, { name: blue, port: 80, weight: 1 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: moved }
spec:
  parentRefs: [{ name: main, sectionName: plain }]
  hostnames: [old.example]
  rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { hostname: colours.example, statusCode: 301 } }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: lost }
spec: { parentRefs: [{ name: main }], hostnames: [lost.example], rules: [{ backendRefs: [{ name: nowhere, port: 80 }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: foreign }
spec: { parentRefs: [{ name: main }], hostnames: [foreign.example], rules: [{ backendRefs: [{ name: green, namespace: far, port: 80 }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wrong }
spec: { gatewayClassName: nginx, listeners: [{ name: api, port: 6443, protocol: HTTP }, { name: tcp, port: 7000, protocol: TCP }] }
YAML`;

it('gateway: requests are led by host, path, header and weight, over TLS too, and conditions say what is wrong', async () => {
  for (const [colour, namespace] of [
    ['red', 'default'],
    ['blue', 'default'],
    ['green', 'far'],
  ] as const) {
    if (namespace !== 'default') await until(`kubectl create namespace ${namespace}`, 10_000);
    const serve = `mkdir /www && echo ${colour} >/www/index.html && exec httpd -f -p 8080 -h /www`;
    await until(`kubectl -n ${namespace} create deployment ${colour} --image=busybox:1.36 -- sh -c '${serve}'`, 10_000);
    await until(`kubectl -n ${namespace} expose deployment ${colour} --port=80 --target-port=8080`, 10_000);
    await until(`kubectl -n ${namespace} rollout status deployment ${colour} --timeout=60s`, 70_000);
  }
  await until(
    'openssl req -x509 -newkey ed25519 -nodes -subj /CN=safe.example -addext subjectAltName=DNS:safe.example -keyout s.key -out s.pem 2>/dev/null && kubectl create secret tls safe --cert=s.pem --key=s.key',
    20_000,
  );
  await until('kubectl wait --for=condition=Accepted gatewayclass/nginx --timeout=60s', 70_000);
  await until(GATEWAY, 10_000);
  await until('kubectl wait --for=condition=Programmed gateway/main --timeout=20s', 30_000);
  const address = await until("kubectl get gateway main -o jsonpath='{.status.addresses[0].value}'", 5_000);
  expect(address).toBe(await until("getent hosts controlplane | cut -d' ' -f1", 5_000));

  const ask = (host: string, path: string, more = '') => `curl -s -m 3 ${more} -H 'Host: ${host}' http://${address}${path}`;
  const status = (host: string) => ask(host, '/', "-o /dev/null -w '%{http_code} %{redirect_url}'");
  await until(`test "$(${ask('colours.example', '/blue/')})" = blue`, 10_000);
  expect(await until(ask('colours.example', '/', "-H 'X-Colour: blue'"), 5_000)).toBe('blue');
  const answers = (await until(`for n in $(seq 120); do ${ask('colours.example', '/')}; done`, 60_000)).split('\n');
  expect(new Set(answers)).toEqual(new Set(['red', 'blue']));
  // Of 120 ninety; a quarter of them away is beyond four standard deviations.
  const red = answers.filter((one) => one === 'red').length;
  expect(red).toBeGreaterThan(68);
  expect(red).toBeLessThan(112);
  expect(await until(status('old.example'), 5_000)).toBe('301 http://colours.example/');
  expect(await until(status('unknown.example'), 5_000)).toBe('404');
  const safely = `curl -s -m 3 --cacert s.pem --resolve safe.example:443:${address} https://safe.example/blue`;
  expect(await until(safely, 10_000)).toBe('blue');

  const condition = (object: string, list: string, type: string) =>
    until(
      `kubectl get ${object} -o jsonpath='{.status.${list}[?(@.type=="${type}")].status} {.status.${list}[?(@.type=="${type}")].reason}'`,
      5_000,
    );
  const route = (name: string, type: string) => condition(`httproute/${name}`, 'parents[0].conditions', type);
  expect(await route('colours', 'Accepted')).toBe('True Accepted');
  expect(await route('colours', 'ResolvedRefs')).toBe('True ResolvedRefs');
  expect(await route('lost', 'ResolvedRefs')).toBe('False BackendNotFound');
  expect(await until(status('lost.example'), 5_000)).toBe('500');
  expect(await route('foreign', 'ResolvedRefs')).toBe('False RefNotPermitted');
  expect(await until(status('foreign.example'), 5_000)).toBe('500');
  expect(await until("kubectl get gateway main -o jsonpath='{.status.listeners[*].attachedRoutes}'", 5_000)).toBe('4 1');
  expect(await condition('gateway/wrong', 'conditions', 'Programmed')).toBe('False Invalid');
  expect(await condition('gateway/wrong', 'listeners[0].conditions', 'Accepted')).toBe('False PortUnavailable');
  expect(await condition('gateway/wrong', 'listeners[1].conditions', 'Accepted')).toBe('False UnsupportedProtocol');

  const grant = `kubectl apply -f - <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { name: from-default, namespace: far }
spec: { from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default }], to: [{ group: '', kind: Service }] }
YAML`;
  await until(grant, 10_000);
  await until(`test "$(${ask('foreign.example', '/')})" = green`, 10_000);
  await until(`kubectl delete gateway main wrong`, 20_000);
  await until(`! curl -s -m 3 http://${address}/`, 10_000);
}, 300_000);
