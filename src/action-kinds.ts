import type { ActionKind } from './kernel/context.js';
import { convertNoteAction, createNoteAction } from './notes/index.js';
import { addSubtasksAction, completeTaskAction, createTaskAction, updateTaskAction } from './tasks/index.js';

/** What the assistant can propose, each kind said by its domain. */
export const actionKinds: readonly ActionKind[] = [
  createTaskAction,
  updateTaskAction,
  completeTaskAction,
  addSubtasksAction,
  createNoteAction,
  convertNoteAction,
];
