import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { z } from 'zod';

/** An operation to begin with, as an explorer shows it in a tab. */
export interface SampleOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
}

const Samples = z.array(
  z.strictObject({
    operation: z.string(),
    comment: z.string(),
    variables: z.record(z.string(), z.unknown()).nullable().default(null),
  }),
);

/**
 * The operations that `samples.json` in this folder names, each with the fragments that it needs.
 * @throws when it names one that the folder's documents do not have
 */
export function readSampleOperations(folder: string): SampleOperation[] {
  const documents = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const definitions = documents.flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')).definitions);
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fragments = new Map(
    definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const samples = Samples.parse(JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8')));
  return samples.map(({ operation, comment, variables }) => {
    const found = operations.find(({ name }) => name?.value === operation);
    if (!found) throw new Error(`There is no operation ${operation} in ${folder}.`);
    return { query: `# ${comment}\n${print(withFragments(found, fragments))}\n`, variables };
  });
}

function withFragments(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const needed = new Set<OperationDefinitionNode | FragmentDefinitionNode>([operation]);
  // A set that grows is walked to its new end.
  for (const definition of needed) {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment) needed.add(fragment);
      },
    });
  }
  return { kind: Kind.DOCUMENT, definitions: [...needed] };
}
