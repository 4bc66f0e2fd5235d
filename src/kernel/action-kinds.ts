import { z } from 'zod';
import type { AiActionKind } from '../../entities/assistant/action.js';
import type { ActionKind, ExecutedAction, PreparedAction, Tx } from './context.js';
import { parse } from './input.js';

/** How one kind of action is proposed, done and taken back; `proposal` is what its schema has read. */
interface Rules<Proposal> {
  readonly kind: AiActionKind;
  /** When to use it, for the model. */
  readonly description: string;
  readonly readMarks?: ActionKind['readMarks'];
  /** Any other mark is another state, unless this says otherwise. */
  readonly isSame?: ActionKind['isSame'];
  /** Says what would be done. @throws what the user's own mutation would be refused with */
  prepare(tx: Tx, proposal: Proposal): Promise<PreparedAction>;
  /** Does it, through the use case of the user's own mutation. @throws what that is refused with */
  execute(tx: Tx, proposal: Proposal): Promise<ExecutedAction>;
  /** Takes back what was done and nothing else. @throws CONFLICT with the `fields` that the user has changed since */
  undo(tx: Tx, undo: unknown): Promise<void>;
}

/**
 * Defines a kind of action. Its schema is what models are told of its arguments, so it reads what they can write: dates are
 * texts. The domain's use case checks everything once more.
 */
export function defineActionKind<Schema extends z.ZodType<object>>(
  schema: Schema,
  { kind, description, readMarks = null, isSame = Object.is, prepare, execute, undo }: Rules<z.output<Schema>>,
): ActionKind {
  const { $schema, ...parameters } = z.toJSONSchema(schema, { io: 'input' });
  return {
    kind,
    tool: { name: kind.toLowerCase(), description, parameters },
    readMarks,
    isSame,
    read: (proposal) => parse(schema, proposal),
    prepare: (tx, proposal) => prepare(tx, parse(schema, proposal)),
    execute: (tx, proposal) => execute(tx, parse(schema, proposal)),
    undo,
  };
}
