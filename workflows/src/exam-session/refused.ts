import type { EnvironmentSpec } from '@ckx/contracts';
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';

/** Addresses that are refused one after the other are no accident any more. */
export const MOVES_AT_MOST = 4;

const Refused = z.object({ port: z.int() });

/** The port or network (CIDR notation) that the engine refused because something has it, or null where that was not the reason. */
export function refusedAddress(error: unknown, { subnet }: EnvironmentSpec): string | null {
  const failure = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(failure instanceof ApplicationFailure)) return null;
  if (failure.type === 'SUBNET_IN_USE') return subnet;
  const refused = failure.type === 'PORT_IN_USE' ? Refused.safeParse(failure.details?.[0]).data : undefined;
  return refused === undefined ? null : String(refused.port);
}
