/** Whether an engine's containers live under this process's kernel, as far as its address tells: a socket of a Linux machine. */
export function isOnThisMachine(dockerHost: string | undefined): boolean {
  return process.platform === 'linux' && (dockerHost === undefined || dockerHost === '' || dockerHost.startsWith('unix://'));
}
