import { Readable } from 'node:stream';
import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { ReminderType } from '../../entities/tasks/reminder.js';
import type { Core } from '../../src/app.js';
import { actionsOfMessages, confirmAction, convertNote, sendChatMessage } from '../../src/assistant/index.js';
import { authenticate, signIn, updateProfile } from '../../src/auth/index.js';
import { adjustCredits, givePro } from '../../src/billing/index.js';
import { filePurposes } from '../../src/file-purposes.js';
import { receiveUpload } from '../../src/files/index.js';
import { type Context, type Principal, runStatement } from '../../src/kernel/context.js';
import { dayMs, midnightOf } from '../../src/kernel/days.js';
import { transaction } from '../../src/kernel/transaction.js';
import {
  createNote,
  finishVoiceUpload,
  startVoiceUpload,
  transcribeRecording,
  updateNote,
} from '../../src/notes/index.js';
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
import type { SampleNote, SampleTask, SampleTurn } from './month.js';
import { withAnswer, withTranscript } from './sample-providers.js';
import { untilAnswered } from './until-answered.js';
import { wav } from './wav.js';

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
const dueHourMs = 17 * 3_600_000;

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
    await updateProfile(this.context(), { timeZone });
    await adjustCredits(this.context(), {
      bucket: CreditBucketName.PURCHASED,
      amount: credits,
      reason: 'Sample credits',
      key: 'sample',
    });
  }

  /** Pro without a payment. */
  async receivePro(until: Date): Promise<void> {
    await transaction(this.context(), (tx) => givePro(tx, until));
  }

  async create({ dueIn, rule, remindBefore, subtasks, ...content }: NewTask): Promise<void> {
    await createTask(this.context(), {
      ...content,
      subtasks: subtasks?.map((title) => ({ title })),
      dueDate:
        dueIn === undefined ? undefined : new Date(midnightOf(this.clock.now()).getTime() + dueIn * dayMs + dueHourMs),
      recurrence: rule && { rule, timeZone },
      reminders: remindBefore && [{ type: ReminderType.BEFORE, offsetMinutes: remindBefore }],
    });
  }

  /** Completes the open task of that title, of a series its open instance, after so many minutes of focus. */
  async complete(title: string, focusMinutes: number): Promise<void> {
    const { id } = await this.#open(title);
    if (focusMinutes > 0) await this.focus(title, focusMinutes);
    const { version } = await this.#open(title);
    await completeTask(this.context(), { id, version, force: true });
  }

  async focus(title: string, minutes: number): Promise<void> {
    await startFocus(this.context(), { taskId: (await this.#open(title)).id });
    this.clock.goTo(new Date(this.clock.now().getTime() + minutes * 60_000));
    await endFocus(this.context());
  }

  async tick(title: string, subtask: string): Promise<void> {
    const { id: taskId } = await this.#open(title);
    const [row] = await runStatement<{ id: string }>(
      this.context(),
      'select id from tasks.subtask where task_id = $1 and title = $2',
      [taskId, subtask],
    );
    await updateSubtask(this.context(), { id: row?.id, completed: true });
  }

  async note(content: string, { isArchived, task }: Pick<SampleNote, 'isArchived' | 'task'>): Promise<void> {
    const { note } = await createNote(this.context(), { content });
    if (isArchived) await updateNote(this.context(), { id: note.id, archived: true });
    if (task) await this.#convert(note.id, task);
  }

  /** Has the assistant turn a note into a task, and confirms what it proposes. */
  async #convert(id: string, task: object): Promise<void> {
    const ctx = withAnswer(this.context(), [], task);
    const { action } = await untilAnswered(ctx, (own) => convertNote(own, { id }));
    await confirmAction(this.context(), { id: action.id });
  }

  /** A note that was spoken. */
  async speak(transcript: string, seconds: number): Promise<void> {
    const [ctx, sound, contentType] = [this.context(), wav(seconds), 'audio/wav'];
    const { uploadId } = await startVoiceUpload(ctx, { contentType, seconds, bytes: sound.length });
    const body = { contentType, contentLength: sound.length, stream: Readable.from([sound]) };
    await receiveUpload(ctx, filePurposes, uploadId, body);
    await untilAnswered(ctx, (own) => finishVoiceUpload(own, { uploadId }));
    const job = { accountId: this.user.id, fileId: uploadId, attempt: 1 };
    await transcribeRecording(withTranscript(ctx, transcript), job, { isLast: true });
  }

  /** Asks the assistant; what it proposes is confirmed, or left to its user. Answers with the conversation. */
  async ask(turn: SampleTurn, conversationId: string | null): Promise<string> {
    const { question, answer, proposes, isConfirmed = false } = turn;
    const calls = proposes ? [{ id: 'call_1', name: proposes.tool, arguments: proposes.arguments }] : [];
    const ctx = withAnswer(this.context(), [answer, ...calls]);
    const sent = await sendChatMessage(ctx, { content: question, conversationId });
    await this.#written(sent.answer.id);
    const [actions = []] = await actionsOfMessages(this.context(), [sent.answer.id]);
    if (isConfirmed) for (const { id } of actions) await confirmAction(this.context(), { id });
    return sent.conversation.id;
  }

  async readNotifications(): Promise<void> {
    await markAllNotificationsRead(this.context());
  }

  /** What the worker would have done by now. */
  async letRemindersFire(): Promise<void> {
    await fireDueReminders(this.core.newContext({}));
  }

  /** For one operation of the user's. */
  context(): Context {
    return this.core.newContext({ actor: this.user });
  }

  async #open(title: string): Promise<{ id: string; version: number }> {
    const selection = { filter: { completed: false, search: title } };
    const { edges } = await listTasks(
      this.context(),
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
        this.context(),
        'select state from assistant.chat_message where id = $1',
        [messageId],
      );
      if (row?.state === 'COMPLETE') return;
      if (performance.now() > deadline) throw new Error(`The sample's answer is ${row?.state}.`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
