import { answer, api } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { tokens } from './browser.ts';

/** Signing in and out. Each throws what the API refused. */
const refreshTokenIn = 'cookie' as const;

export async function signIn(email: string, password: string): Promise<void> {
  tokens.accept(await answer(api.POST('/api/v1/auth/login', { body: { email, password, refreshTokenIn } })));
}

/**
 * Signs this browser out, all its tabs.
 *
 * @throws Unreachable where the server could not be told: the sign-in is good still, and nobody should believe otherwise.
 */
export async function signOut(): Promise<void> {
  try {
    await answer(api.POST('/api/v1/auth/logout', { body: {} }));
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status >= 500) throw error;
  }
  tokens.leave();
}

export async function signOutEverywhere(): Promise<void> {
  await answer(api.POST('/api/v1/auth/logout-all'));
  await signOut();
}

export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  tokens.accept(await answer(api.POST('/api/v1/auth/change-password', { body: { currentPassword, newPassword, refreshTokenIn } })));
}
