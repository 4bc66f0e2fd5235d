import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  type ParseOptions,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';

/** Levels of nesting; the contract's deepest sensible question has ten. */
const deepest = 14;
const mostAliases = 60;
const mostDirectives = 30;
const mostTokens = 3_000;
/** Objects that one operation may ask for, by the sizes of the pages that it names. */
const highestCost = 15_000;

/** A connection's page when none is named. */
const defaultPage = 25;
/** What a plain list (subtasks, tags) is reckoned with. */
const plainList = 10;

/** Documents with more tokens are not parsed to the end. */
export const parseOptions: ParseOptions = { maxTokens: mostTokens };

/** A broken limit is reported like any other rule; by default these rules throw. */
const reported = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
};

/** The limits that a document's text alone can break; they run beside the rules of the specification. */
export const limitRules: ValidationRule[] = [
  maxDepthRule({ ...reported, n: deepest, flattenFragments: true }),
  maxAliasesRule({ ...reported, n: mostAliases, allowList: [] }),
  maxDirectivesRule({ ...reported, n: mostDirectives }),
];

/** A scalar costs nothing, an object 1, a list its size times what is asked of each item. */
const estimator: ComplexityEstimator = ({ field, args, childComplexity }) => {
  if (isLeafType(getNamedType(field.type))) return 0;
  const takesPage = field.args.some(({ name }) => name === 'first');
  if (takesPage) return 1 + pageOf(args) * childComplexity;
  // The page is counted where its size is named, not once more where it is spelled out.
  const isSpelledOut = field.name === 'edges' || field.name === 'nodes';
  const bare = isNonNullType(field.type) ? field.type.ofType : field.type;
  return 1 + (isListType(bare) && !isSpelledOut ? plainList : 1) * childComplexity;
};

function pageOf(args: Readonly<Record<string, unknown>>): number {
  const size = args['first'] ?? args['last'];
  return typeof size === 'number' && size > 0 ? Math.min(size, 1_000) : defaultPage;
}

/**
 * How many objects an operation may make us answer, and whether that is too many. It depends on the variables only
 * where they name a page's size or skip a field.
 */
export function costOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  operationName: string | null,
  variables: Record<string, unknown>,
): { cost: number; tooHigh: boolean } {
  const name = operationName ? { operationName } : {};
  const cost = getComplexity({ schema, query, variables, estimators: [estimator], maxQueryNodes: 5_000, ...name });
  return { cost, tooHigh: cost > highestCost };
}

/** What is said to an operation that costs too much. */
export const costMessage = `The operation asks for more than ${highestCost} objects. Ask for smaller pages.`;
