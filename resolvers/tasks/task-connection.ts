import { Task } from '../../entities/tasks/task.js';
import { connectionOf } from '../connection.js';

/** One page of tasks: the caller's, or a template's. */
export const TaskConnection = connectionOf('Task', () => Task);
