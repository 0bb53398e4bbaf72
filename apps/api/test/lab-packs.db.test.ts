/** Packs by digest: kept with the first session, whatever becomes of the folder; drafts of administrators. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { BlobClient } from '@ckx/blobs/client';
import { LabId, LabSummary, Problem, QuestionView, SessionView, UploadedPack, type PackDigest } from '@ckx/contracts';
import { drawnPin, loadPack, packArchive, withUnpacked } from '@ckx/lab-packs';
import { AuditEntity, ExamSessionEntity, LabPackEntity } from '@ckx/persistence';
import { makeServiceSecret } from '@ckx/service-auth';
import { ServiceClient } from '@ckx/service-auth/client';
import { ApiClient, expectProblem } from '@ckx/test-support/client';
import { pack as tarPack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from './harness.ts';

const LABS = new URL('labs', import.meta.url).pathname;
const MOCK = 'api-mock';
const secret = makeServiceSecret();

let folder: string;
let api: TestApi;
let candidate: ApiClient;
let admin: ApiClient;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ckx-api-packs-'));
  cpSync(LABS, join(folder, 'labs'), { recursive: true });
  api = await startApi({ CKX_LABS: join(folder, 'labs'), SERVICE_KEYS: `host:host:${secret}` });
  [candidate, admin] = await Promise.all([api.candidate(), api.admin()]);
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const question = () => join(folder, 'labs', MOCK, 'questions/greet/question.md');
const change = (text: string) => writeFileSync(question(), text);
const host = () => new BlobClient(new ServiceClient({ baseUrl: api.url, key: { id: 'host', secret: Buffer.from(secret, 'base64url') } }));
const fetched = (digest: string) => host().fetch(`/internal/packs/${digest}`);

async function start(client: ApiClient, body: object = { labId: MOCK }): Promise<SessionView> {
  const { status, body: answer } = await client.send('POST', '/sessions', body);
  expect(status, JSON.stringify(answer)).toBe(202);
  return SessionView.parse(answer);
}

async function upload(client: ApiClient, body: Uint8Array<ArrayBuffer>, type = 'application/gzip') {
  const response = await fetch(`${api.url}/api/v1/admin/lab-packs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.accessToken}`, 'content-type': type },
    body,
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** A lab beside those of the catalogue. */
function draftFolder(id = 'a-draft'): string {
  const root = join(folder, 'elsewhere', id);
  cpSync(join(LABS, MOCK), root, { recursive: true });
  writeFileSync(join(root, 'lab.yaml'), readFileSync(join(root, 'lab.yaml'), 'utf8').replace(`id: ${MOCK}`, `id: ${id}`));
  return root;
}

async function questions(client: ApiClient, { examSessionId }: SessionView) {
  await api.database.manager.update(ExamSessionEntity, examSessionId, { state: 'ready' });
  return client.send('GET', `/sessions/${examSessionId}/questions`);
}

describe('the pack of a session', () => {
  it('is kept with the first one, once, and fetched by hosts as it was pinned', async () => {
    const session = await start(candidate);
    await start(await api.candidate());
    expect(await api.database.manager.countBy(LabPackEntity, {})).toBe(1);
    const archive = (await fetched(session.labDigest))?.content ?? Buffer.alloc(0);
    expect(await withUnpacked(archive, (root) => loadPack(root).digest)).toBe(session.labDigest);
    expect(await fetched(`sha256:${'0'.repeat(64)}`)).toBeNull();
  });

  it('shows its questions as they were, although the lab changed on disk and the API was started again', async () => {
    const session = await start(candidate);
    change('Another text.\n');
    await api.close();
    api = await startApi({ CKX_LABS: join(folder, 'labs'), DATABASE_URL: api.config.DATABASE_URL, SERVICE_KEYS: `host:host:${secret}` });
    const answer = await questions(new ApiClient(api.url, candidate.accessToken), session);
    expect(answer.status).toBe(200);
    const [first] = z.array(QuestionView).parse(answer.body);
    expect(first?.text).not.toContain('Another text.');
    const newer = await start(await api.candidate());
    expect(newer.labDigest).not.toBe(session.labDigest);
    expect(await api.database.manager.countBy(LabPackEntity, {})).toBe(2);
  });

  it('is the newest on disk where nobody started from the older one', async () => {
    change('Another text.\n');
    const session = await start(candidate);
    expect(session.labDigest).toBe(loadPack(join(folder, 'labs', MOCK)).digest);
  });

  it('that nobody has any more is said to be gone', async () => {
    const session = await start(candidate);
    const gone = `sha256:${'1'.repeat(64)}` as PackDigest;
    await api.database.manager.update(ExamSessionEntity, session.examSessionId, { labDigest: gone });
    expectProblem(await questions(candidate, session), 503, 'LAB_CHANGED');
  });
});

describe('a lab with more questions than it asks', () => {
  it('asks each session its own draw, which the session records; a rehearsal has all', async () => {
    const root = draftFolder();
    cpSync(join(root, 'questions/greet'), join(root, 'questions/again'), { recursive: true });
    const labFile = join(root, 'lab.yaml');
    writeFileSync(labFile, readFileSync(labFile, 'utf8').replace(/questions:\s*\n/, 'draw: { questions: 1 }\nquestions:\n  - again\n'));
    const pack = loadPack(root);
    expect([pack.draw, pack.questions.length]).toEqual([1, 2]);
    await upload(admin, await packArchive(pack));
    const body = { labId: 'a-draft', labDigest: pack.digest };

    const session = await start(admin, body);
    const { lab } = await api.database.manager.findOneByOrFail(ExamSessionEntity, { id: session.examSessionId });
    expect(lab.draw).toEqual({ seed: session.examSessionId, of: 2 });
    expect(lab).toEqual(drawnPin(pack, session.examSessionId));
    const drawn = pack.questions.find(({ view }) => view.id === lab.questions[0]?.id);
    expect((await questions(admin, session)).body).toEqual([{ ...drawn?.view, position: 1 }]);

    const other = await api.admin();
    const rehearsal = await start(other, { ...body, rehearsal: true });
    expect((await questions(other, rehearsal)).body).toEqual(pack.questions.map(({ view }) => view));
  });
});

describe('a draft', () => {
  it('is uploaded, started by administrators by its digest, and in no catalogue', async () => {
    const pack = loadPack(draftFolder());
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await upload(admin, await packArchive(pack));
      expect(status).toBe(201);
      expect(UploadedPack.parse(body)).toMatchObject({ labId: 'a-draft', digest: pack.digest });
    }
    const deeds = await api.database.manager.findBy(AuditEntity, { action: 'lab_pack.upload' });
    expect(deeds).toMatchObject([{ targetId: pack.digest, data: { labId: 'a-draft' } }]);
    expect((await admin.get('/labs', z.array(LabSummary))).map(({ id }) => id)).not.toContain('a-draft');
    expectProblem(await admin.send('POST', '/sessions', { labId: 'a-draft' }), 404, 'LAB_UNKNOWN');
    expectProblem(await candidate.send('POST', '/sessions', { labId: 'a-draft', labDigest: pack.digest }), 403, 'ADMIN_ONLY');
    expectProblem(await admin.send('POST', '/sessions', { labId: MOCK, labDigest: pack.digest }), 404, 'LAB_PACK_UNKNOWN');

    const session = await start(admin, { labId: 'a-draft', labDigest: pack.digest });
    expect(session).toMatchObject({ labId: LabId.parse('a-draft'), labDigest: pack.digest });
    const { lab } = await api.database.manager.findOneByOrFail(ExamSessionEntity, { id: session.examSessionId });
    expect(lab).toEqual(pack.pin);
    expect((await questions(admin, session)).body).toEqual(pack.questions.map(({ view }) => view));
  });

  it('may be another version of a lab that is offered, which stays what it is', async () => {
    const root = draftFolder(MOCK);
    writeFileSync(join(root, 'questions/greet/question.md'), 'The next version.\n');
    const next = loadPack(root);
    await upload(admin, await packArchive(next));
    expect((await start(candidate)).labDigest).not.toBe(next.digest);
    expect((await start(admin, { labId: MOCK, labDigest: next.digest })).labDigest).toBe(next.digest);
  });

  it('with faults is refused with the list of them', async () => {
    const root = draftFolder();
    const good = await packArchive(loadPack(root));
    const tar = tarPack();
    tar.entry({ name: 'lab.yaml' }, 'id: [');
    tar.finalize();
    const broken = await upload(admin, gzipSync(await buffer(tar)));
    expect(broken.status).toBe(422);
    const problem = Problem.parse(broken.body);
    expect(problem.code).toBe('LAB_PACK_INVALID');
    expect(problem.details?.['problems']).toEqual([expect.objectContaining({ level: 'error', place: 'lab.yaml:1:6' })]);
    expect(JSON.stringify(problem)).not.toContain(tmpdir());
    expect(await upload(admin, Buffer.from('no archive'))).toMatchObject({ status: 422, body: { code: 'ARCHIVE_REFUSED' } });
    expect(await upload(admin, good, 'application/json')).toMatchObject({ status: 400 });
    expect(await upload(admin, good, 'application/zip')).toMatchObject({ status: 415, body: { code: 'MEDIA_TYPE_MISSING' } });
    expect(await api.database.manager.countBy(LabPackEntity, {})).toBe(0);
  });

  it('is an administrator’s to upload, and no larger than is allowed', async () => {
    expect(await upload(candidate, Buffer.alloc(10))).toMatchObject({ status: 403, body: { code: 'ADMIN_ONLY' } });
    const tooLarge = await upload(admin, Buffer.alloc(16 * 1024 ** 2 + 1)).catch(() => null);
    // The answer may come while the body is still being sent, and the connection is then closed under it.
    if (tooLarge !== null) expect(tooLarge).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });
});
