import { registerEnumType } from 'type-graphql';
import { eventDefinitions } from '../src/events/index.js';

/** `task.auto_completed` as GraphQL can name it. */
function nameOf(type: string): string {
  return type.replace('.', '_').toUpperCase();
}

/** Every kind of event, by its name in the schema. */
export const EventType = Object.fromEntries(eventDefinitions.map(({ type }) => [nameOf(type), type]));

const known: ReadonlySet<string> = new Set(eventDefinitions.map(({ type }) => type));

registerEnumType(EventType, {
  name: 'EventType',
  description: 'What can happen to an account. `TASK_COMPLETED` is the event `task.completed`, and so on.',
  valuesConfig: Object.fromEntries(
    eventDefinitions.map(({ type, description }) => [nameOf(type), { description: `\`${type}\`: ${description}` }]),
  ),
});

/** The kind of a stored event; null for one that only another version of this server knows. */
export function eventTypeOf({ type }: { readonly type: string }): string | null {
  return known.has(type) ? type : null;
}
