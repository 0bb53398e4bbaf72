/**
 * Known ways out of a container, each as a script for bash that exits with 0 where the way is open. None of them harms a machine on which it
 * is: what is written is what was there, or belongs to the test. So the same scripts run as root of the host itself, where most of them
 * must succeed: a way that is closed there too proves nothing.
 *
 * Variables: MARK a file of the host that only an escape could make, DISK `major minor` of the host's disk, DISK_TYPE its file system.
 */
export interface Attempt {
  readonly name: string;
  readonly script: string;
  /** The same on the host, where it must not do what the attempt does. */
  readonly onHost?: string;
}

/** Calls the kernel by number (x86_64, arm64). Open is every answer but "you may not" and "there is no such thing". */
function call(numbers: readonly [x64: number, arm64: number], args: string): string {
  return `perl -e '
    my %n = (x86_64 => ${numbers[0]}, aarch64 => ${numbers[1]});
    chomp(my $m = \`uname -m\`);
    my $r = syscall($n{$m}, ${args});
    exit 0 if $r >= 0;
    print STDERR "$!\\n";
    exit(($!{EPERM} || $!{EACCES} || $!{ENOSYS}) ? 1 : 0)'`;
}

const DEVICE = 'node=$(mktemp -u /tmp/dev.XXXXXX); trap "rm -f $node" EXIT;';
const FOLDER = 'dir=$(mktemp -d);';

/** Writes to a file of the kernel what is in it; every such file that exists must refuse. */
function rewrite(...files: readonly string[]): string {
  return `for f in ${files.join(' ')}; do [ -e $f ] && v=$(cat $f) && echo "$v" > $f && exit 0; done; exit 1`;
}

export const ATTEMPTS: readonly Attempt[] = [
  {
    name: 'core_pattern: a program for crashes',
    script: 'echo "|/usr/bin/touch $MARK" > /proc/sys/kernel/core_pattern',
    onHost: rewrite('/proc/sys/kernel/core_pattern'),
  },
  {
    name: 'core_pattern through a /proc mounted anew',
    script: `${FOLDER} mount -t proc proc $dir && echo "|/usr/bin/touch $MARK" > $dir/sys/kernel/core_pattern`,
    onHost: `${FOLDER} mount -t proc proc $dir && v=$(cat $dir/sys/kernel/core_pattern) && echo "$v" > $dir/sys/kernel/core_pattern`,
  },
  {
    name: 'cgroup release_agent: a program for empty groups',
    script: `for c in memory pids rdma cpu cpuset blkio devices freezer misc none,name=ckx; do
      d=$(mktemp -d); mount -t cgroup -o $c cgroup $d || continue
      [ -e $d/release_agent ] && echo "/usr/bin/touch $MARK" > $d/release_agent && exit 0
    done; exit 1`,
    onHost: `for c in memory pids; do ${FOLDER} mount -t cgroup -o $c cgroup $dir && v=$(cat $dir/release_agent) && echo "$v" > $dir/release_agent && exit 0; done; exit 1`,
  },
  {
    name: 'cgroup release_agent from a namespace within',
    script: `unshare --user --map-root-user --mount --cgroup bash -c '
      for c in memory pids rdma; do d=$(mktemp -d); mount -t cgroup -o $c cgroup $d && echo "/usr/bin/touch $MARK" > $d/release_agent && exit 0; done; exit 1'`,
  },
  {
    name: 'limits of its own cgroup lifted',
    script: `root=/sys/fs/cgroup; [ -d /node$root ] && root=/node$root
    for f in $root/{,*/}{memory.limit_in_bytes,pids.max,cpu.cfs_quota_us,memory.max,cpu.max}; do
      case $f in *.max) v=max;; *) v=-1;; esac
      [ -e $f ] && echo $v > $f && exit 0
    done; exit 1`,
    onHost: `d=/sys/fs/cgroup; [ -d $d/pids ] && d=$d/pids; d=$d/ckx-walls; mkdir $d && echo max > $d/pids.max; r=$?; rmdir $d; exit $r`,
  },
  { name: "the host's disk as a device, read", script: `${DEVICE} mknod $node b $DISK && [ $(head -c 4096 $node | wc -c) = 4096 ]` },
  { name: "the host's disk, mounted", script: `${DEVICE} ${FOLDER} mknod $node b $DISK && mount -t $DISK_TYPE $node $dir && ls $dir/etc` },
  { name: 'devtmpfs: every device of the host', script: `${FOLDER} mount -t devtmpfs dev $dir && ls $dir/null` },
  {
    name: 'devices of the host that are there already',
    script: 'ls /dev/vd* /dev/sd* /dev/nvme* /dev/loop* /dev/mem /dev/kvm 2>/dev/null | grep .',
  },
  { name: '/dev/mem', script: `${DEVICE} mknod $node c 1 1 && [ $(head -c 16 $node | wc -c) = 16 ]` },
  { name: '/dev/kmsg, made', script: `${DEVICE} mknod $node c 1 11 && [ $(timeout 2 dd if=$node bs=8192 count=1 | wc -c) -gt 0 ]` },
  { name: '/proc/kcore: the memory of the kernel', script: 'head -c 16 /proc/kcore | grep -qa ELF' },
  { name: 'the log of the kernel', script: 'dmesg | grep -c .' },
  { name: 'sysrq', script: 'echo h > /proc/sysrq-trigger' },
  { name: 'a kernel module (init_module)', script: call([175, 105], 'my $m = "no module", 9, my $p = ""') },
  { name: 'another kernel (kexec_load)', script: call([246, 104], '0, 0, 0, 0xffff') },
  { name: 'bpf', script: call([321, 280], '5, 0, 0') },
  {
    name: 'perf events of the whole machine',
    script: call([298, 241], 'my $a = pack("LLQ", 1, 112, 0) . ("\\0" x 96), -1, 0, -1, 0'),
  },
  {
    name: 'a file by its number (open_by_handle_at)',
    // The root folder of an ext4 or xfs, by way of a file that is mounted from the host.
    script: `perl -e '
      open(my $f, "<", "/etc/hosts") or die;
      my %n = (x86_64 => 304, aarch64 => 265); chomp(my $m = \`uname -m\`);
      for my $h (pack("Ll", 8, 1) . pack("LL", 2, 0), pack("Ll", 8, 1) . pack("LL", 128, 0)) {
        exit 0 if syscall($n{$m}, fileno($f), $h, 0) >= 0;
      }
      print STDERR "$!\\n"; exit 1'`,
  },
  {
    name: 'settings of the kernel that know no namespace',
    script: rewrite(
      ...['kernel/modprobe', 'kernel/panic', 'kernel/sysrq', 'kernel/perf_event_paranoid', 'kernel/unprivileged_bpf_disabled'].map(sysctl),
      ...['vm/swappiness', 'vm/overcommit_memory', 'fs/file-max', 'fs/inotify/max_user_instances', 'fs/suid_dumpable'].map(sysctl),
    ),
    onHost: rewrite(sysctl('vm/swappiness')),
  },
  {
    name: 'uevent_helper and other files of /sys',
    script: `mount -o remount,bind,rw /sys; mount -o remount,rw /sys; ${rewrite('/sys/kernel/uevent_helper', '/sys/kernel/profiling', '/sys/kernel/mm/ksm/run')}`,
    onHost: rewrite('/sys/kernel/uevent_helper', '/sys/kernel/mm/ksm/run'),
  },
  {
    name: 'debugfs, tracefs, securityfs',
    script: `${FOLDER} for t in debugfs tracefs securityfs; do mount -t $t x $dir && exit 0; done; exit 1`,
  },
  {
    name: "Docker's socket",
    script: `ls $(find / -xdev -name 'docker*.sock' 2>/dev/null) /run/docker.sock /var/run/docker.sock 2>/dev/null | grep .`,
    onHost: 'ls /var/run/docker.sock',
  },
  { name: 'processes of the host', script: 'grep -lx dockerd /proc/[0-9]*/comm' },
  {
    name: 'namespaces of the host',
    script:
      'for n in cgroup ipc mnt net pid user uts; do for p in 1 self; do grep -qxF "$(readlink /proc/$p/ns/$n)" <<< "$HOST_NAMESPACES" && echo $n && exit 0; done; done; exit 1',
  },
  {
    name: 'a process traced that is not its own',
    script: `p=$(grep -lx dockerd /proc/[0-9]*/comm | head -1 | cut -d/ -f3); [ -n "$p" ] && ls -l /proc/$p/root/ | grep .`,
  },
  { name: 'the clock of the machine', script: 'date -s "$(date)"' },
  {
    name: 'swap',
    script: `f=$(mktemp); trap "swapoff $f; rm -f $f" EXIT; dd if=/dev/zero of=$f bs=1M count=1 && chmod 600 $f && mkswap $f && swapon $f`,
  },
  { name: 'loop devices', script: 'losetup --find' },
];

/** What root of a namespace of its own may ask the kernel, and images/node/seccomp.json refuses. */
export const FILTERED: readonly Attempt[] = [
  { name: 'io_uring', script: call([425, 425], 'my $n = 8, my $p = "\\0" x 120') },
  { name: 'userfaultfd', script: call([323, 282], 'my $f = 1') },
  { name: 'a kernel module', script: call([175, 105], 'my $m = "no module", 9, my $p = ""') },
];

function sysctl(path: string): string {
  return `/proc/sys/${path}`;
}
