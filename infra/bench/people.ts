import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { BenchUser } from './accounts.js';
import { Sent } from './client.js';
import { type Answer, Connections } from './connections.js';
import { documentOf } from './documents.js';
import { Follower } from './followers.js';
import { bearer, post } from './load.js';
import type { Deed } from './open-loop.js';
import type { World } from './world.js';

/** Whoever has not heard by then never will. */
const hearWithinMs = 15_000;
/** Of all operations; the rest are answers of the assistant. */
const [listShare, writeShare] = [0.65, 0.25];

const documents = {
  tasks: documentOf('Tasks'),
  createTask: documentOf('CreateTask'),
  updateTask: documentOf('UpdateTask'),
  completeTask: documentOf('CompleteTask'),
  sendChatMessage: documentOf('SendChatMessage'),
};

/** What became of one operation: milliseconds since it was due. */
export interface Outcome {
  readonly kind: 'list' | 'write' | 'answer' | 'text' | 'change';
  /** `OK`, the error code that it was refused with, or `UNHEARD` of what did not come over the socket. */
  readonly code: string;
  readonly ms: number;
}

interface TaskState {
  readonly id: string;
  readonly version: number;
}

/** One who has signed in, with a socket that follows and the open tasks that nothing is being done to. */
interface Someone {
  readonly user: BenchUser;
  readonly follower: Follower;
  readonly tasks: TaskState[];
}

/** The people that use a process: what they do next, and what became of it. */
export class People {
  readonly #connections: Connections;
  readonly #outcomes: Outcome[] = [];

  private constructor(
    private readonly url: string,
    private readonly all: readonly Someone[],
  ) {
    this.#connections = new Connections(url);
  }

  /** Everybody connects, a few at a time, and follows what changes. */
  static async arrive({ pool, productUrl }: World, users: readonly BenchUser[]): Promise<People> {
    const { rows } = await pool.query<{ accountId: string; tasks: TaskState[] }>(
      `select account_id as "accountId", json_agg(json_build_object('id', id, 'version', version)) as tasks
       from tasks.task where not completed group by account_id`,
    );
    const tasksOf = new Map(rows.map(({ accountId, tasks }) => [accountId, tasks]));
    const all: Someone[] = [];
    for (let from = 0; from < users.length; from += 20) {
      const group = users.slice(from, from + 20).map(async (user) => ({
        user,
        follower: await Follower.open(productUrl, user),
        tasks: tasksOf.get(user.id) ?? [],
      }));
      all.push(...(await Promise.all(group)));
    }
    return new People(productUrl, all);
  }

  /** What somebody does next. */
  next(): Deed {
    const someone = this.all[Math.floor(Math.random() * this.all.length)];
    if (!someone) throw new Error('There is nobody.');
    const draw = Math.random();
    if (draw < listShare) return (dueAt) => this.#list(someone, dueAt);
    if (draw < listShare + writeShare) return (dueAt) => this.#write(someone, dueAt);
    return (dueAt) => this.#ask(someone, dueAt);
  }

  /** What became of all since this was last asked. */
  takeOutcomes(): Outcome[] {
    return this.#outcomes.splice(0);
  }

  /** Sockets that are still open. */
  get following(): number {
    return this.all.filter(({ follower }) => follower.isOpen).length;
  }

  leave(): void {
    for (const { follower } of this.all) follower.close();
    this.#connections.close();
  }

  async #list(someone: Someone, dueAt: number): Promise<void> {
    await this.#send(someone, 'list', documents.tasks, { first: 25 }, dueAt);
  }

  async #write(someone: Someone, dueAt: number): Promise<void> {
    const task = someone.tasks.shift();
    const draw = Math.random();
    if (!task || draw < 1 / 3) {
      if (task) someone.tasks.push(task);
      const body = await this.#send(
        someone,
        'write',
        documents.createTask,
        { input: { title: 'Write the brief' } },
        dueAt,
      );
      const created = body === null ? null : Created.parse(JSON.parse(body)).data.createTask.task;
      if (created) await this.#hear(someone, created, dueAt);
      return;
    }
    const { id, version } = task;
    someone.follower.forget(id);
    if (draw < 2 / 3) {
      const body = await this.#send(
        someone,
        'write',
        documents.updateTask,
        { input: { id, version, title: 'Mended' } },
        dueAt,
      );
      if (body === null) someone.tasks.push(task);
      else await this.#hear(someone, { id, version: version + 1 }, dueAt);
      return;
    }
    const body = await this.#send(
      someone,
      'write',
      documents.completeTask,
      { input: { id, version, force: true } },
      dueAt,
    );
    if (body === null) someone.tasks.push(task);
    else await this.#noteHeard('change', someone.follower.change(id), dueAt);
  }

  /** The task is free for the next write once its change was heard. */
  async #hear({ follower, tasks }: Someone, task: TaskState, dueAt: number): Promise<void> {
    await this.#noteHeard('change', follower.change(task.id), dueAt);
    tasks.push(task);
  }

  async #ask(someone: Someone, dueAt: number): Promise<void> {
    const body = await this.#send(
      someone,
      'answer',
      documents.sendChatMessage,
      { input: { content: 'Where do I start?' } },
      dueAt,
    );
    if (body === null) return;
    const { id } = Sent.parse(JSON.parse(body)).data.sendChatMessage.answer;
    await this.#noteHeard('text', someone.follower.firstText(id), dueAt);
  }

  /** Answers the body, or null when it was refused. */
  async #send(
    { user }: Someone,
    kind: Outcome['kind'],
    query: string,
    variables: object,
    dueAt: number,
  ): Promise<string | null> {
    const answer = await this.#connections.send(post(`${this.url}/graphql`, { query, variables }, bearer(user)));
    const code = codeOf(answer);
    this.#note(kind, code, dueAt);
    return code === 'OK' ? answer.body : null;
  }

  /** What a socket is to bring; a socket that closed, or a lost piece of news, counts as such. */
  async #noteHeard(kind: Outcome['kind'], heard: Promise<void>, dueAt: number): Promise<void> {
    const isLate = pause(hearWithinMs, true, { ref: false });
    const code = (await Promise.race([heard, isLate])) === true ? 'UNHEARD' : 'OK';
    this.#note(kind, code, dueAt);
  }

  #note(kind: Outcome['kind'], code: string, dueAt: number): void {
    this.#outcomes.push({ kind, code, ms: performance.now() - dueAt });
  }
}

function codeOf({ status, body }: Answer): string {
  if (status === 200 && !body.startsWith('{"errors"')) return 'OK';
  return /"code":"(\w+)"/.exec(body)?.[1] ?? String(status);
}

const Created = z.object({
  data: z.object({ createTask: z.object({ task: z.object({ id: z.string(), version: z.number() }) }) }),
});
