import { beforeAll, expect, test } from '@jest/globals';
import { OperationTypeNode, parse } from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import { codeOf } from '../../src/platform/graphql/client-error.js';
import { subscribers } from '../../src/subscribers.js';
import { harness } from '../support/harness.js';
import { idPlacesOf, leastOperation, type RootField, rootFieldsOf } from '../support/least-operations.js';
import { notifying } from '../support/notifying.js';
import { type Person, Refused } from '../support/person.js';
import { staleIn } from '../support/stale.js';
import { kindAt, makeThings, type Things, unknownKind } from '../support/things.js';

const world = harness({
  worker: false,
  subscribers: [...subscribers, notifying],
  shared: 'every operation is refused, so nothing changes',
});
const operations = rootFieldsOf(schemaOf({ movableClock: false }));

let ada: Person;
let own: Things;
let others: Things;

beforeAll(async () => {
  ada = await world.user();
  [own, others] = [await makeThings(ada, world), await makeThings(await world.user('Bob'), world)];
});

/** What an id is refused with: one that is no UUID, one of nothing, and that of somebody else's thing. */
interface Refusals {
  readonly malformed: string | null;
  readonly unknown: string | null;
  readonly others: string | null;
}

const usual: Refusals = { malformed: 'VALIDATION_FAILED', unknown: 'NOT_FOUND', others: 'FORBIDDEN' };
const ofList: Refusals = {
  malformed: 'VALIDATION_FAILED',
  unknown: 'VALIDATION_FAILED',
  others: 'VALIDATION_FAILED',
};
const ofFilter: Refusals = { malformed: 'VALIDATION_FAILED', unknown: null, others: null };

/** Where an id names no thing that is asked for: a filter finds nothing, an order is of one's own subtasks, and a pack is nobody's. */
const exceptions: Readonly<Record<string, Refusals>> = {
  'ActivityFilter.entityId': ofFilter,
  'TaskFilter.templateId': ofFilter,
  'ReorderSubtasksInput.subtaskIds': ofList,
  'BuyCreditsInput.packId': ofList,
};

const advice =
  'Parse the id with `parseId` or `field.id`, load the thing through `requireMay`; what is otherwise on purpose stands in `exceptions` of this law.';

/** The code that an operation is refused with, over HTTP or, where it is a subscription, over a WebSocket. */
async function refusalOf({ root }: RootField, query: string): Promise<string | null> {
  if (root !== OperationTypeNode.SUBSCRIPTION) {
    const [error] = (await ada.send(query)).body.errors ?? [];
    return error ? codeOf(error) : null;
  }
  try {
    for await (const _ of ada.follow(parse(query), {})) return null;
    return null;
  } catch (error) {
    if (error instanceof Refused && error.errors[0]) return codeOf(error.errors[0]);
    throw error;
  }
}

test.each(operations.flatMap((field) => idPlacesOf(field).map((place) => [place, field.name, field] as const)))(
  '%s of the %s refuses what is no id, the id of nothing, and that of somebody else’s thing',
  async (place, _name, field) => {
    const refusalFor = (id: string | undefined) =>
      refusalOf(
        field,
        leastOperation(field, (at) => (at === place ? id : own[kindAt[at] ?? 'task'])),
      );
    const kind = kindAt[place];
    if (!kind) throw new Error(unknownKind(place));
    const refusals: Refusals = {
      malformed: await refusalFor('x'),
      unknown: await refusalFor('0196f000-0000-7000-8000-000000000000'),
      others: await refusalFor(others[kind]),
    };
    expect({ refusals, advice }).toEqual({ refusals: exceptions[place] ?? usual, advice });
  },
);

test('the exceptions are of ids that there are', () => {
  const list = '`exceptions` of test/laws/refused-ids.test.ts';
  expect(staleIn(list, Object.keys(exceptions), operations.flatMap(idPlacesOf))).toEqual([]);
});
