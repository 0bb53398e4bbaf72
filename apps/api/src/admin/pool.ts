import { HostPoolView, PoolView, WARM_POOL_SETTING, WarmPoolSetting } from '@ckx/contracts';
import { type DataSource, SettingEntity } from '@ckx/persistence';
import { readMaintenance } from '@ckx/session-status';
import { z } from 'zod';

const Rows = z.array(HostPoolView.omit({ wanted: true }).extend({ active: z.boolean() }));

const SQL = `
  SELECT h.id AS "hostId", h.state = 'active' AS active,
         count(e.id) FILTER (WHERE free AND e.state = 'ready') AS ready,
         count(e.id) FILTER (WHERE free AND e.state = 'provisioning') AS filling,
         count(e.id) FILTER (WHERE free AND e.state = 'destroying') AS leaving,
         jsonb_build_object(
           'taken', count(e.id) FILTER (WHERE recent AND NOT free),
           'neverReady', count(e.id) FILTER (WHERE recent AND free AND e.ready_at IS NULL AND e.state IN ('destroying', 'destroyed', 'lost'))
         ) AS "lastDay"
    FROM hosts h
    LEFT JOIN (
      SELECT *, exam_session_id IS NULL AS free, created_at > now() - interval '24 hours' AS recent FROM environments
       WHERE exam_session_id IS NULL OR spec ->> 'bornWarm' = 'true') e ON e.host_id = h.id
   GROUP BY h.id ORDER BY h.id`;

/** What each host keeps ready for sessions to come. The size is the keepers' own word: this process need not know their settings. */
export async function readPool(dataSource: DataSource): Promise<PoolView> {
  const row = await dataSource.manager.findOneBy(SettingEntity, { name: WARM_POOL_SETTING });
  const size = row === null ? 0 : WarmPoolSetting.parse(row.value).size;
  const { on } = await readMaintenance(dataSource);
  const hosts = Rows.parse(await dataSource.query(SQL));
  return { size, hosts: hosts.map(({ active, ...host }) => ({ ...host, wanted: active && !on ? size : 0 })) };
}
