import { Source } from '../../entities/activity/event.js';
import type { DomainEvent } from '../activity/index.js';

/** A person signed in for the first time. */
export function userCreated(userId: string): DomainEvent {
  return { type: 'user.created', entityType: 'user', entityId: userId };
}

/** Somebody changed their profile; `fields` names what. */
export function userUpdated(userId: string, fields: readonly string[]): DomainEvent {
  return { type: 'user.updated', entityType: 'user', entityId: userId, metadata: { fields } };
}

/** Why a session ended before its time. */
export type EndReason = 'SIGNED_OUT' | 'ENDED' | 'REUSED_TOKEN' | 'TOO_MANY' | 'REPLACED';

/**
 * One session ended: by its own sign-out, from another one, because a spent refresh token came back, to make room, or
 * because its browser signed in anew.
 */
export function sessionEnded(sessionId: string, reason: EndReason): DomainEvent {
  const isSystems = reason === 'REUSED_TOKEN' || reason === 'TOO_MANY';
  const source = isSystems ? Source.SYSTEM : Source.USER;
  return { type: 'session.ended', entityType: 'session', entityId: sessionId, metadata: { reason }, source };
}

/** Somebody ended all their sessions. */
export function userSignedOutEverywhere(userId: string, revokedSessions: number): DomainEvent {
  return { type: 'user.signed_out_everywhere', entityType: 'user', entityId: userId, metadata: { revokedSessions } };
}
