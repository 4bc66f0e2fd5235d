import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Page } from '../src/kernel/page.js';

/** Where a page lies in its list. */
@ObjectType({ simpleResolvers: true, description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more behind this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether something comes before.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The next `after`: the cursor of the last item, or of the place where looking for more stopped.',
  })
  endCursor!: string | null;
}

/** Forward paging. */
@ArgsType()
export class ForwardArguments {
  @Field(() => Int, { nullable: true, description: 'How many, 1–100; 25 when not given.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;
}

/** Paging both ways. */
@ArgsType()
export class ConnectionArguments extends ForwardArguments {
  @Field(() => Int, { nullable: true, description: 'How many from the end, 1–100.' })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null;
}

/** What looking through a list costs beside its page, in objects: up to 10,000 rows, once for the page and once to count. */
export const lookingThroughCost = 2_500;

/** The `complexity` of a list of which a filter by some fields leaves out rows that no index finds. */
export function complexityOfFilter(...fields: readonly string[]): (use: { args: Record<string, unknown> }) => number {
  return ({ args: { filter } }) => {
    const isGiven = (field: string) =>
      typeof filter === 'object' && filter !== null && Reflect.get(filter, field) != null;
    return fields.some(isGiven) ? lookingThroughCost : 0;
  };
}

/** The `complexity` of a list without pages that may have this many objects, each read whole whatever is asked of it. */
export function maxListCost(most: number): (use: { childComplexity: number }) => number {
  return ({ childComplexity }) => most * Math.max(8, childComplexity);
}

/** The edge type of a node type, as Relay's connection specification has it. */
export function edgeOf<Node extends object>(name: string, node: () => ClassType<Node>) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${name} of a list, with its cursor.` })
  class Edge {
    @Field(() => String, { description: 'Opaque place in the list.' })
    cursor!: string;

    @Field(node, { description: `The ${name} at this place.` })
    node!: Node;
  }
  return Edge;
}

/** The connection type of a node type, with `totalCount` counted only where it is selected. */
export function connectionOf<Node extends object>(name: string, node: () => ClassType<Node>) {
  const Edge = edgeOf(name, node);

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `One page of a list of ${name}.` })
  class Connection {
    /** The type of its edges, for a subscription to the same list. */
    static readonly Edge = Edge;

    @Field(() => [Edge], { description: 'The items with their cursors.' })
    readonly edges: Page<unknown>['edges'];

    @Field(() => [node()], { description: `Each ${name} of this page, without its cursor.` })
    readonly nodes: readonly unknown[];

    @Field(() => PageInfo, { description: 'Where the page lies.' })
    readonly pageInfo: Page<unknown>['pageInfo'];

    constructor(
      private readonly page: Page<unknown>,
      private readonly count: () => Promise<number>,
    ) {
      this.edges = page.edges;
      this.nodes = page.edges.map((edge) => edge.node);
      this.pageInfo = page.pageInfo;
    }

    @Field(() => Int, {
      description: 'How many items the whole list has; where they have to be counted one by one, 10,000 at most.',
    })
    totalCount(): Promise<number> | number {
      return this.page.totalCount ?? this.count();
    }
  }
  return Connection;
}
