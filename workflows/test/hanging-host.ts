/**
 * `node hanging-host.ts <address> <namespace> <hostId> <activity> <memoryMib>`: a host's worker that never comes to the end of one of its activities, to
 * be killed in the middle of it. Writes a line when it has begun that.
 */
import { HostId, hostTaskQueue } from '@ckx/contracts';
import { NativeConnection, Worker } from '@temporalio/worker';
import { ScriptedHost } from './scripted-host.ts';

const [address = '', namespace = '', hostId = '', activity = '', memoryMib = ''] = process.argv.slice(2);
const host = new ScriptedHost(HostId.parse(hostId), { memoryMib: Number(memoryMib) });
host.hangIn(activity, () => console.log(activity));
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: hostTaskQueue(HostId.parse(hostId)),
  activities: host.activities(),
});
await worker.run();
