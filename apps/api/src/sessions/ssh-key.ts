import { CkxError, ownClientFiles, type ExamSessionId, type SshKey } from '@ckx/contracts';
import { type DataSource, ExamSessionEntity, inTransaction } from '@ckx/persistence';
import ssh2 from 'ssh2';
import type { Engine } from './engine.ts';
import { readPlace } from './place.ts';

/** ssh2 cuts every 256th public key short, which no SSH server takes (libs/execution-environment/src/ssh-keys.ts): such a pair is made anew. */
function newKeyPair(comment: string): { readonly public: string; readonly private: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}

/**
 * The session's one key pair for the candidate's own SSH client. The private half is answered once and stored nowhere.
 *
 * The chance is used up only when the terminal has taken the public half: both happen under a lock of the session's own, and a failure
 * in between leaves at most a public key whose private half nobody has.
 *
 * @throws CkxError `SSH_KEY_ISSUED`, `ENVIRONMENT_NOT_READY`, `SSH_KEY_NOT_INSTALLED`, `ENGINE_UNAVAILABLE`.
 */
export function issueSshKey(dataSource: DataSource, engine: Engine, examSessionId: ExamSessionId): Promise<SshKey> {
  return inTransaction(dataSource, async (manager) => {
    // An advisory lock: the row itself stays free for what the workflow writes meanwhile.
    const rows: { locked: boolean }[] = await manager.query(`SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked`, [
      `ssh-key/${examSessionId}`,
    ]);
    const session = await manager.findOneByOrFail(ExamSessionEntity, { id: examSessionId });
    if (session.sshKeyIssuedAt !== null || rows[0]?.locked !== true) {
      throw new CkxError('user', 'SSH_KEY_ISSUED', 'The key of this session was given out already; it is shown once.', {
        remedy: 'Use the key that you were given, or the terminal in the browser.',
      });
    }
    const place = await readPlace(manager, session);
    if (place.facts === null)
      throw new CkxError('user', 'ENVIRONMENT_NOT_READY', 'The terminal is not open yet.', { remedy: 'Wait for `ready`.' });

    const pair = newKeyPair(`ckx-${examSessionId}`);
    await engine.authorizeKey(examSessionId, pair.public);
    await manager.update(ExamSessionEntity, { id: examSessionId }, { sshKeyIssuedAt: new Date() });
    const jumphost = { user: 'candidate', host: place.address, port: place.ports.sshJumphost, hostKey: place.facts.sshHostKey };
    const files = ownClientFiles(jumphost, place.facts.machines ?? []);
    return { privateKey: pair.private, publicKey: pair.public, ...jumphost, ...files };
  });
}
