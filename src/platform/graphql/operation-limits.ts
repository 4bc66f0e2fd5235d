import { AppError } from '../../kernel/errors.js';
import type { AdmittedOperation } from './read-document.js';

/** Counts operations of those whose subscriptions have an allowance of their own: over sockets and streams of events. */
export interface OperationLimits<User> {
  /** What a message takes by its length alone. @throws RATE_LIMITED */
  countLength(user: User, length: number): void;
  /** What came with it; null is what was refused. @throws RATE_LIMITED */
  countOperation(user: User, operation: AdmittedOperation | null): Promise<void>;
}

export function isRateLimited(error: unknown): boolean {
  return error instanceof AppError && error.code === 'RATE_LIMITED';
}

/** What is refused counts too; then the limit may be what there is to say. */
export async function countedRefusal<User>(
  limits: OperationLimits<User>,
  user: User,
  refusal: unknown,
): Promise<unknown> {
  if (isRateLimited(refusal)) return refusal;
  try {
    await limits.countOperation(user, null);
    return refusal;
  } catch (limited) {
    return limited;
  }
}
