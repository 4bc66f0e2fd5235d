import { z } from 'zod';
import { defineEvent } from '../kernel/events.js';
import { fields, nothing } from './shapes.js';

export const userCreated = defineEvent('user.created', 'user', 'A person signed in for the first time.', nothing);

export const userUpdated = defineEvent(
  'user.updated',
  'user',
  'A profile was changed, or the plan of its account (`tier`).',
  fields,
);

export const userSignedOutEverywhere = defineEvent(
  'user.signed_out_everywhere',
  'user',
  'Somebody ended all their sessions.',
  z.object({ revokedSessions: z.int() }),
);

/** Why a session ends before its time. */
const endReasons = ['SIGNED_OUT', 'ENDED', 'REUSED_TOKEN', 'TOO_MANY', 'REPLACED'] as const;
export type EndReason = (typeof endReasons)[number];

export const sessionEnded = defineEvent(
  'session.ended',
  'session',
  'One session ended: by its own sign-out, from another one, because a spent refresh token came back, to make room, or because its browser signed in anew.',
  z.object({ reason: z.enum(endReasons) }),
);
