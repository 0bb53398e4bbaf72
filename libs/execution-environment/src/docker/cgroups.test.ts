import { describe, expect, it } from 'vitest';
import { cgroupFolders, mappedRoot } from './cgroups.ts';

const id = 'f'.repeat(64);

describe('cgroupFolders', () => {
  it('finds the groups of version 1, cut at the container', () => {
    const text = `9:name=systemd:/docker/${id}/init.scope\n8:pids:/docker/${id}\n2:cpu,cpuacct:/docker/${id}/a/b\n0::/\n`;
    expect(cgroupFolders(text, id)).toEqual([
      `/sys/fs/cgroup/systemd/docker/${id}`,
      `/sys/fs/cgroup/pids/docker/${id}`,
      `/sys/fs/cgroup/cpu,cpuacct/docker/${id}`,
    ]);
  });

  it('finds the group of version 2, with either driver', () => {
    expect(cgroupFolders(`0::/docker/${id}\n`, id)).toEqual([`/sys/fs/cgroup/docker/${id}`]);
    expect(cgroupFolders(`0::/system.slice/docker-${id}.scope/init.scope\n`, id)).toEqual([
      `/sys/fs/cgroup/system.slice/docker-${id}.scope`,
    ]);
  });

  it('never names the groups of others', () => {
    expect(cgroupFolders('8:pids:/\n0::/user.slice\n', id)).toEqual([]);
  });
});

describe('mappedRoot', () => {
  it('reads who is root inside', () => {
    expect(mappedRoot('         0     100000      65536\n')).toBe(100_000);
    expect(mappedRoot('         0          0 4294967295\n')).toBe(0);
  });
});
