import { Piece } from '../../entities/llm/piece.js';
import { Run } from '../../entities/llm/run.js';
import { type AccountTable, accountTable, unexportedTable } from '../kernel/account-tables.js';

/** What language models were asked for, and never what. */
export const llmTables: readonly AccountTable[] = [
  unexportedTable(Piece, {
    because: 'Parts of an answer while it is being written; once it is, it stands whole in its message.',
    of: 'accountId',
    order: ['runId', 'position'],
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(Run, {
    name: 'ai-runs',
    what: 'Each time that a language model was asked for you: which one, and what it took.',
    of: 'accountId',
    order: ['id'],
    left: { leaseOwner: 'A process of ours.', leaseUntil: 'Until when that vouches for it.' },
    onDeletion: {
      kind: 'STAYS',
      reason: 'What providers charge adds up, without what was asked or answered.',
      texts: { model: 'As its provider names it.' },
    },
  }),
];
