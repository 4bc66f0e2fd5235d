import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { ReminderType } from '../../entities/tasks/reminder.js';
import type { Core } from '../../src/app.js';
import { sendChatMessage } from '../../src/assistant/index.js';
import { authenticate, signIn, updateProfile } from '../../src/auth/index.js';
import { adjustCredits } from '../../src/billing/index.js';
import { type Context, type Principal, type Providers, runStatement } from '../../src/kernel/context.js';
import { createNote, updateNote } from '../../src/notes/index.js';
import { markAllNotificationsRead } from '../../src/notifications/index.js';
import type { Clock } from '../../src/platform/clock.js';
import {
  completeTask,
  createTask,
  endFocus,
  fireDueReminders,
  listTasks,
  startFocus,
  updateSubtask,
} from '../../src/tasks/index.js';
import type { SampleTask } from './month.js';

/** A clock that stands where the seed has come to. */
export class SeedClock implements Clock {
  constructor(private moment: Date) {}

  now(): Date {
    return new Date(this.moment.getTime());
  }

  goTo(moment: Date): void {
    this.moment = moment;
  }
}

/** Where the sample user lives. */
const timeZone = 'Europe/London';
const dayMs = 86_400_000;
const dueHourMs = 17 * 3_600_000;

/** The moment at which a UTC day begins, in milliseconds. */
export function midnight(moment: Date): number {
  return Math.floor(moment.getTime() / dayMs) * dayMs;
}

/** A task to be made; times are counted from its making. */
type NewTask = Pick<
  SampleTask,
  'title' | 'description' | 'priority' | 'tags' | 'estimatedMinutes' | 'subtasks' | 'dueIn' | 'rule' | 'remindBefore'
>;

/** Long enough for the slowest machine; an answer that is written down takes milliseconds. */
const answerWithinMs = 10_000;

/** What the sample user does, each time through the use case that clients reach; the clock says when. */
export class SampleActions {
  private constructor(
    private readonly core: Core,
    private readonly clock: SeedClock,
    private readonly user: Principal,
  ) {}

  /** The account, made at the clock's moment. @throws UNAUTHENTICATED when Google did not sign the token for us */
  static async begin(core: Core, clock: SeedClock, idToken: string): Promise<SampleActions> {
    const { accessToken } = await signIn(core.newContext({}), { idToken });
    return new SampleActions(core, clock, await authenticate(core.services, accessToken));
  }

  goTo(moment: Date): void {
    this.clock.goTo(moment);
  }

  async settle(credits: number): Promise<void> {
    await updateProfile(this.#context(), { timeZone });
    await adjustCredits(this.#context(), {
      bucket: CreditBucketName.PURCHASED,
      amount: credits,
      reason: 'Sample credits',
      key: 'sample',
    });
  }

  async create({ dueIn, rule, remindBefore, subtasks, ...content }: NewTask): Promise<void> {
    await createTask(this.#context(), {
      ...content,
      subtasks: subtasks?.map((title) => ({ title })),
      dueDate: dueIn === undefined ? undefined : new Date(midnight(this.clock.now()) + dueIn * dayMs + dueHourMs),
      recurrence: rule && { rule, timeZone },
      reminders: remindBefore && [{ type: ReminderType.BEFORE, offsetMinutes: remindBefore }],
    });
  }

  /** Completes the open task of that title, of a series its open instance, after so many minutes of focus. */
  async complete(title: string, focusMinutes: number): Promise<void> {
    const { id } = await this.#open(title);
    if (focusMinutes > 0) await this.focus(title, focusMinutes);
    const { version } = await this.#open(title);
    await completeTask(this.#context(), { id, version, force: true });
  }

  async focus(title: string, minutes: number): Promise<void> {
    await startFocus(this.#context(), { taskId: (await this.#open(title)).id });
    this.clock.goTo(new Date(this.clock.now().getTime() + minutes * 60_000));
    await endFocus(this.#context());
  }

  async tick(title: string, subtask: string): Promise<void> {
    const { id: taskId } = await this.#open(title);
    const [row] = await runStatement<{ id: string }>(
      this.#context(),
      'select id from tasks.subtask where task_id = $1 and title = $2',
      [taskId, subtask],
    );
    await updateSubtask(this.#context(), { id: row?.id, completed: true });
  }

  async note(content: string, isArchived: boolean): Promise<void> {
    const { note } = await createNote(this.#context(), { content });
    if (isArchived) await updateNote(this.#context(), { id: note.id, archived: true });
  }

  /** Asks the assistant, whose answer is written down here: a sample costs nobody money. Answers with the conversation. */
  async ask(content: string, answer: string, conversationId: string | null): Promise<string> {
    const ctx = this.#context();
    const languageModel: Providers['languageModel'] = {
      ...ctx.providers.languageModel,
      async *streamChat() {
        yield answer;
      },
    };
    const providers = { ...ctx.providers, languageModel };
    const sent = await sendChatMessage({ ...ctx, providers }, { content, conversationId });
    await this.#written(sent.answer.id);
    return sent.conversation.id;
  }

  async readNotifications(): Promise<void> {
    await markAllNotificationsRead(this.#context());
  }

  /** What the worker would have done by now. */
  async letRemindersFire(): Promise<void> {
    await fireDueReminders(this.core.newContext({}));
  }

  #context(): Context {
    return this.core.newContext({ actor: this.user });
  }

  async #open(title: string): Promise<{ id: string; version: number }> {
    const selection = { filter: { completed: false, search: title } };
    const { edges } = await listTasks(
      this.#context(),
      selection,
      { first: 10 },
      { withCount: false, subtaskFields: new Set() },
    );
    const found = edges.find(({ node }) => node.title === title);
    if (!found) throw new Error(`The sample has no open task "${title}".`);
    return found.node;
  }

  async #written(messageId: string): Promise<void> {
    const deadline = performance.now() + answerWithinMs;
    for (;;) {
      const [row] = await runStatement<{ state: string }>(
        this.#context(),
        'select state from assistant.chat_message where id = $1',
        [messageId],
      );
      if (row?.state === 'COMPLETE') return;
      if (performance.now() > deadline) throw new Error(`The sample's answer is ${row?.state}.`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
