import type { Logger } from '@ckx/logging';
import type { Worker } from '@temporalio/worker';
import type { Registry } from 'prom-client';
import { freePort, serveHealth } from './health.ts';
import { installRuntime } from './runtime.ts';

export interface WorkerProcess {
  /**
   * Runs the worker until SIGINT or SIGTERM, or until it fails; then what was under way has ended.
   *
   * @param register adds metrics of the role's own.
   */
  run(worker: Worker, register?: (registry: Registry) => void): Promise<void>;
}

/**
 * What both roles have in common: Temporal's runtime, signals, health and metrics. Called before anything else of Temporal.
 *
 * @param metricsPort health and metrics on loopback; none where undefined.
 */
export async function startProcess(logger: Logger, metricsPort: number | undefined): Promise<WorkerProcess> {
  const sdkMetricsPort = metricsPort === undefined ? undefined : await freePort();
  installRuntime(logger, sdkMetricsPort);

  let running: Worker | null = null;
  let stopped = false;
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping');
    stopped = true;
    // A worker that is not running, or is stopping already, refuses to be shut down.
    if (running?.getState() === 'RUNNING') running.shutdown();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);

  return {
    run: async (worker, register) => {
      running = worker;
      const isReady = () => worker.getState() === 'RUNNING';
      const health = metricsPort === undefined ? null : await serveHealth({ port: metricsPort, sdkMetricsPort, isReady, logger, register });
      try {
        const ended = worker.run();
        if (stopped) worker.shutdown();
        else logger.info({ taskQueue: worker.options.taskQueue }, 'worker ready');
        await ended;
      } finally {
        await health?.close();
      }
    },
  };
}
