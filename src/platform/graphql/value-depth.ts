import { Kind, type ValueNode } from 'graphql';
import { LimitExceeded } from './limits.js';

/** Levels of lists and objects in an argument or a variable, whatever its type. JSONObject has a limit of its own. */
const maxValueDepth = 50;

/** @throws LimitExceeded when a value in a document is nested too deep */
export function checkLiteral(value: ValueNode, depth = 0): void {
  if (depth > maxValueDepth) throw tooDeepValue();
  if (value.kind === Kind.LIST) for (const each of value.values) checkLiteral(each, depth + 1);
  if (value.kind === Kind.OBJECT) for (const each of value.fields) checkLiteral(each.value, depth + 1);
}

/** @throws LimitExceeded when variables are nested so deep that whoever walks them might run out of stack */
export function checkVariables(variables: Readonly<Record<string, unknown>>): void {
  let level: unknown[] = Object.values(variables);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxValueDepth) throw tooDeepValue();
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) next.push(each);
    }
    level = next;
  }
}

function tooDeepValue(): LimitExceeded {
  return new LimitExceeded('value-depth', `Values may be nested ${maxValueDepth} levels deep.`);
}
