import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { OldAccount } from './old-rows.js';

/** A proposal as the version before suggestions has kept it. */
interface OldProposal {
  readonly kind: string;
  readonly proposal: object;
  readonly target?: { readonly id: string; readonly version: number };
  /** What confirming it has made or changed, and what takes that back; a proposal without waits for its user. */
  readonly done?: { readonly type: 'task' | 'note'; readonly id: string; readonly undo: object };
}

/** Fills a database of that version with proposals of one answer, and with what they are about. */
export class OldProposals {
  readonly #at = new Date().toISOString();

  constructor(
    private readonly client: pg.Client,
    readonly account: OldAccount,
    private readonly messageId: string,
  ) {}

  /** A task with its subtasks, as its row and as what a confirmed proposal has kept of it. */
  async task(title: string, subtasks: readonly string[] = [], isCompleted = false) {
    const id = randomUUID();
    const task = {
      ...{ id, accountId: this.account.id, title, description: '', priority: 'MEDIUM', dueDate: null, tags: [] },
      ...{ estimatedMinutes: null, templateId: null, focusSeconds: 0, hidden: false, archived: false, version: 3 },
      ...{ completed: isCompleted, completedAt: isCompleted ? this.#at : null },
      ...{ completedBy: isCompleted ? 'MANUAL' : null, createdAt: this.#at, updatedAt: this.#at },
    };
    const steps = subtasks.map((step, order) => ({
      ...{ id: randomUUID(), accountId: this.account.id, taskId: id, title: step, completed: false, completedAt: null },
      ...{ closedByForce: false, order, estimatedMinutes: null, source: 'AI', templateSubtaskId: null },
      createdAt: this.#at,
    }));
    await this.client.query(
      `insert into tasks.task (account_id, id, title, description, priority, tags, completed, completed_at, completed_by,
         version, created_at, updated_at)
       values ($1, $2, $3, '', 'MEDIUM', '{}', $4, $5, $6, 3, $7, $7)`,
      [this.account.id, id, title, task.completed, task.completedAt, task.completedBy, this.#at],
    );
    for (const { id: stepId, title: step, order } of steps)
      await this.client.query(
        `insert into tasks.subtask (account_id, id, task_id, title, position, source, created_at)
         values ($1, $2, $3, $4, $5, 'AI', $6)`,
        [this.account.id, stepId, id, step, order, this.#at],
      );
    return { task, subtasks: steps, reminders: [] };
  }

  /** A note, as its row and as what a confirmed proposal has kept of it. */
  async note(content: string) {
    const note = { id: randomUUID(), accountId: this.account.id, content, archived: false };
    await this.client.query(
      `insert into notes.note (account_id, id, content, created_at, updated_at) values ($1, $2, $3, $4, $4)`,
      [this.account.id, note.id, content, this.#at],
    );
    return { ...note, createdAt: this.#at, updatedAt: this.#at };
  }

  /** Answers the proposal's id. */
  async keep({ kind, proposal, target, done }: OldProposal): Promise<string> {
    const id = randomUUID();
    await this.client.query(
      `insert into assistant.action (account_id, id, message_id, kind, state, summary, proposal, target_id, target_version,
         call, result_type, result_id, undo, created_at, expires_at, decided_at)
       values ($1, $2, $3, $4, $5, 'Old', $6, $7, $8, $9, $10, $11, $12, $13, $13::timestamptz + interval '1 day', $14)`,
      [
        ...[this.account.id, id, this.messageId, kind, done ? 'CONFIRMED' : 'PENDING', JSON.stringify(proposal)],
        ...[target?.id ?? null, target?.version ?? null],
        ...[JSON.stringify({ id: 'call_0', name: kind.toLowerCase(), arguments: proposal })],
        ...[done?.type ?? null, done?.id ?? null, done ? JSON.stringify(done.undo) : null],
        ...[this.#at, done ? this.#at : null],
      ],
    );
    return id;
  }
}
