/**
 * `node hanging-host.ts <address> <namespace> <hostId>`: a host's worker whose environments never reach their first milestone, to be
 * killed in the middle of it. Writes each call on a line.
 */
import { HostId, hostTaskQueue } from '@ckx/contracts';
import { NativeConnection, Worker } from '@temporalio/worker';
import { ScriptedHost } from './scripted-host.ts';

const [address = '', namespace = '', hostId = ''] = process.argv.slice(2);
const host = new ScriptedHost(HostId.parse(hostId), { memoryMib: 1 });
host.before.awaitEnvironment = (until) => {
  console.log(until);
  return new Promise(() => {});
};
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: hostTaskQueue(HostId.parse(hostId)),
  activities: host.activities(),
});
await worker.run();
