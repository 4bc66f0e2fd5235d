import type { DomainEvent } from '../activity/index.js';

/** A person signed in for the first time. */
export function userCreated(userId: string): DomainEvent {
  return { type: 'user.created', entityType: 'user', entityId: userId };
}

/** Somebody changed their profile; `fields` names what. */
export function userUpdated(userId: string, fields: readonly string[]): DomainEvent {
  return { type: 'user.updated', entityType: 'user', entityId: userId, metadata: { fields } };
}

/** Somebody ended all their sessions. */
export function userSignedOutEverywhere(userId: string, revokedSessions: number): DomainEvent {
  return { type: 'user.signed_out_everywhere', entityType: 'user', entityId: userId, metadata: { revokedSessions } };
}
