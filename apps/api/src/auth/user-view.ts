import type { UserView } from '@ckx/contracts';
import type { UserRow } from '@ckx/persistence';

export function toUserView({ id, email, name, role, createdAt }: UserRow): UserView {
  return { id, email, name, role, createdAt: createdAt.toISOString() };
}
