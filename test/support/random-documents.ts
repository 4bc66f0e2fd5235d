import {
  GraphQLBoolean,
  type GraphQLField,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { JSONObject } from '../../src/kernel/scalars.js';
import type { Chance } from './chance.js';

/** A document and the variables that it is run with. */
export interface RandomOperation {
  readonly text: string;
  readonly variables: Record<string, unknown>;
}

/** What one document has plenty of, and what not at all. */
interface Flavour {
  readonly directives: number;
  readonly fragments: number;
  readonly variables: number;
  readonly repeats: number;
}

const deepest = 5;
/**
 * Never null: that fails in the middle of a list, and graphql-js awaits no longer what else it has begun there
 * (https://github.com/graphql/graphql-js/pull/4643), which fails the test that runs.
 */
const condition = new GraphQLNonNull(GraphQLBoolean);

/** Makes documents over a schema: most are valid, and each part of the language comes in every position. */
export function randomOperation(schema: GraphQLSchema, chance: Chance): RandomOperation {
  return new Writer(schema, chance).operation();
}

class Writer {
  readonly #fragments: { readonly name: string; readonly type: string; readonly text: string }[] = [];
  readonly #variables = new Map<
    string,
    { readonly position: string; readonly declared: string; readonly value: unknown }
  >();
  readonly #arguments = new Map<string, string>();
  readonly #flavour: Flavour;
  /** Selections that are left to be written. */
  #left: number;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly chance: Chance,
  ) {
    const some = (share: number, amount: number) => (chance.happens(share) ? amount : 0);
    this.#left = 4 + chance.upTo(40);
    this.#flavour = {
      directives: some(0.5, 0.25),
      fragments: some(0.75, 0.3),
      variables: some(0.8, 0.4),
      repeats: some(0.5, 0.3),
    };
  }

  operation(): RandomOperation {
    const { chance, schema } = this;
    const [kind, root] = chance.weighed([
      [8, ['query', schema.getQueryType()] as const],
      [4, ['mutation', schema.getMutationType()] as const],
      [1, ['subscription', schema.getSubscriptionType()] as const],
    ]);
    if (!root) throw new Error(`The schema has no ${kind}.`);
    const body =
      kind === 'subscription'
        ? `{ ${this.#field(root, chance.pick(Object.values(root.getFields())), 0, '')} }`
        : this.#selectionSet(root, 0);
    const declared = [...this.#variables.values()].map((each) => each.declared).join(' ');
    const fragments = this.#fragments.map(({ name, type, text }) => `fragment ${name} on ${type} ${text}`).join('\n');
    const variables: Record<string, unknown> = {};
    for (const [name, { value }] of this.#variables) if (value !== absent) variables[name] = value;
    if (chance.happens(0.05)) variables['undeclared'] = 1;
    return { text: `${kind} Random${declared ? `(${declared})` : ''} ${body}\n${fragments}`, variables };
  }

  #selectionSet(type: GraphQLOutputType, depth: number): string {
    const wanted = this.chance.upTo(depth === 0 ? 2 : 4) + 1;
    const selections = Array.from({ length: wanted }, () => this.#selection(type, depth));
    if (this.chance.happens(this.#flavour.repeats)) selections.push(this.chance.pick(selections));
    return `{ ${selections.join(' ')} }`;
  }

  #selection(type: GraphQLOutputType, depth: number): string {
    const { chance } = this;
    this.#left -= 1;
    const isEnough = this.#left < 0 || depth >= deepest;
    if (chance.happens(this.#flavour.fragments)) return this.#fragment(type, depth);
    if (isUnionType(type) && isEnough) return '__typename';
    if (isUnionType(type)) {
      const member = chance.pick(type.getTypes());
      return chance.happens(0.2)
        ? '__typename'
        : `... on ${member.name}${this.#directives()} ${this.#selectionSet(member, depth + 1)}`;
    }
    if (!isObjectType(type)) throw new Error(`${type} has no fields.`);
    if (chance.happens(0.08)) return `${chance.happens(0.5) ? 'kind: ' : ''}__typename${this.#directives()}`;
    // What waits for a model stands alone in its operation, and is executed twice.
    const here = Object.values(type.getFields()).filter(({ extensions }) => !extensions['answersLater']);
    const fields = here.filter((field) => !isEnough || isLeafType(getNamedType(field.type)));
    return fields.length > 0 ? this.#field(type, chance.pick(fields), depth, this.#directives()) : '__typename';
  }

  #field(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number, directives: string): string {
    const alias = this.chance.happens(0.2) ? `${field.name}${this.chance.upTo(1)}` : field.name;
    const place = `${parent.name}.${alias}`;
    // What shares a place in the answer must have been asked alike.
    const given = this.#arguments.get(place) ?? this.#argumentsOf(field);
    this.#arguments.set(place, given);
    const type = getNamedType(field.type);
    const below = isCompositeType(type) ? ` ${this.#selectionSet(type, depth + 1)}` : '';
    return `${alias === field.name ? '' : `${alias}: `}${field.name}${given}${directives}${below}`;
  }

  #fragment(type: GraphQLOutputType, depth: number): string {
    const { chance } = this;
    const name = String(type);
    const directives = this.#directives();
    const inline = chance.happens(0.35) && depth < 2 * deepest;
    if (inline)
      return `...${chance.happens(0.5) ? ` on ${name}` : ''}${directives} ${this.#selectionSet(type, depth + 1)}`;
    const known = this.#fragments.filter((fragment) => fragment.type === name);
    if (known.length > 0 && chance.happens(0.6)) return `...${chance.pick(known).name}${directives}`;
    if (this.#left < 0) return '__typename';
    const text = this.#selectionSet(type, depth + 1);
    const fragment = `F${this.#fragments.length}`;
    this.#fragments.push({ name: fragment, type: name, text });
    return `...${fragment}${directives}`;
  }

  #directives(): string {
    const { chance } = this;
    if (!chance.happens(this.#flavour.directives)) return '';
    const one = (name: string) => ` @${name}(if: ${this.#condition()})`;
    return chance.weighed([
      [4, () => one('include')],
      [4, () => one('skip')],
      [1, () => one('skip') + one('include')],
    ])();
  }

  #condition(): string {
    if (this.chance.happens(0.25)) return String(this.chance.happens(0.5));
    return this.#variable(condition, () => this.chance.happens(0.5));
  }

  #argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
    const given = args.flatMap((arg) => {
      const isNeeded = isNonNullType(arg.type) && arg.defaultValue === undefined;
      return isNeeded || this.chance.happens(0.6) ? [`${arg.name}: ${this.#value(arg.type, 0)}`] : [];
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  /** A literal of an input type, with variables in it. */
  #value(type: GraphQLInputType, depth: number): string {
    const { chance } = this;
    if (chance.happens(this.#flavour.variables)) return this.#variable(type, () => this.#given(type, depth));
    if (isNonNullType(type)) return this.#literal(type.ofType, depth);
    return chance.happens(0.1) ? 'null' : this.#literal(type, depth);
  }

  #literal(type: GraphQLInputType, depth: number): string {
    const { chance } = this;
    if (isListType(type)) {
      if (chance.happens(0.15)) return this.#value(type.ofType, depth + 1);
      return `[${Array.from({ length: chance.upTo(3) }, () => this.#value(type.ofType, depth + 1)).join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).flatMap((field) => {
        const isNeeded = isNonNullType(field.type) && field.defaultValue === undefined;
        return isNeeded || chance.happens(0.4) ? [`${field.name}: ${this.#value(field.type, depth + 1)}`] : [];
      });
      return `{${fields.join(', ')}}`;
    }
    if (String(type) === 'JSONObject') return this.#json(0);
    if (isEnumType(type)) return chance.pick(type.getValues()).name;
    return JSON.stringify(this.#scalar(String(type)));
  }

  #json(depth: number): string {
    const { chance } = this;
    const value = (): string =>
      chance.weighed<() => string>([
        [2, () => String(chance.upTo(100))],
        [2, () => '"text"'],
        [1, () => 'null'],
        [1, () => '1.5'],
        [2, () => this.#anyVariable()],
        [depth < 2 ? 1 : 0, () => this.#json(depth + 1)],
        [depth < 2 ? 1 : 0, () => `[${value()}, ${value()}]`],
      ])();
    return `{${Array.from({ length: chance.upTo(3) }, (_, index) => `k${index}: ${value()}`).join(', ')}}`;
  }

  /** What stands in JSON has no type of its own. */
  #anyVariable(): string {
    const type = this.chance.pick([GraphQLString, GraphQLInt, GraphQLBoolean, new GraphQLList(GraphQLInt), JSONObject]);
    return this.#variable(type, () => this.#given(type, 0));
  }

  /** A variable of a type: absent, null or given, with a default or without. */
  #variable(type: GraphQLInputType, given: () => unknown): string {
    const { chance } = this;
    const position = String(type);
    const known = [...this.#variables].filter(([, variable]) => variable.position === position);
    if (known.length > 0 && chance.happens(0.5)) return `$${chance.pick(known)[0]}`;
    const name = `v${this.#variables.size}`;
    const isRequired = isNonNullType(type);
    // A nullable one may stand where null is not allowed if it has a default.
    const isOptional = isRequired && chance.happens(0.3);
    const withDefault = isOptional || chance.happens(0.2);
    const fallback = withDefault ? ` = ${this.#constant(bare(type))}` : '';
    const declared = `$${name}: ${isOptional ? bare(type) : type}${fallback}`;
    const value: unknown = chance.weighed<() => unknown>([
      [6, given],
      [isRequired && !withDefault ? 0.2 : 2, () => absent],
      [position === String(condition) ? 0 : isRequired ? 0.2 : 2, () => null],
    ])();
    this.#variables.set(name, { position, declared, value });
    return `$${name}`;
  }

  /** A default value, in which variables cannot stand. */
  #constant(type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.#constant(type.ofType);
    if (isListType(type)) return this.chance.happens(0.5) ? '[]' : `[${this.#constant(type.ofType)}]`;
    if (isInputObjectType(type)) {
      const needed = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) && (field.defaultValue === undefined || this.chance.happens(0.5)),
      );
      return `{${needed.map((field) => `${field.name}: ${this.#constant(field.type)}`).join(', ')}}`;
    }
    if (isEnumType(type)) return this.chance.pick(type.getValues()).name;
    return type.name === JSONObject.name ? '{k: [1, "two", {three: null}]}' : JSON.stringify(this.#scalar(type.name));
  }

  /** A variable's value for an input type. */
  #given(type: GraphQLInputType, depth: number): unknown {
    const { chance } = this;
    if (chance.happens(0.01)) return { wrong: true };
    if (isNonNullType(type)) return this.#givenOf(type.ofType, depth);
    return chance.happens(0.1) ? null : this.#givenOf(type, depth);
  }

  #givenOf(type: GraphQLInputType, depth: number): unknown {
    const { chance } = this;
    if (isListType(type)) {
      if (chance.happens(0.1)) return this.#given(type.ofType, depth + 1);
      return Array.from({ length: chance.upTo(3) }, () => this.#given(type.ofType, depth + 1));
    }
    if (isInputObjectType(type)) {
      const value: Record<string, unknown> = {};
      for (const field of Object.values(type.getFields())) {
        const isNeeded = isNonNullType(field.type) && field.defaultValue === undefined;
        if (isNeeded || chance.happens(0.4)) value[field.name] = this.#given(field.type, depth + 1);
      }
      return value;
    }
    if (isEnumType(type)) return chance.pick(type.getValues()).name;
    if (String(type) === 'JSONObject') return { theme: 'dark', list: [1, { two: null }], size: chance.upTo(9) };
    return this.#scalar(String(type));
  }

  #scalar(type: string): unknown {
    const { chance } = this;
    switch (type) {
      case 'Int':
        return chance.upTo(100);
      case 'Float':
        return chance.upTo(100) / 4;
      case 'Boolean':
        return chance.happens(0.5);
      case 'DateTime':
        return chance.pick(['2026-11-27T03:00:00.000Z', '2026-11-27T04:00:00+01:00', '2026-12-24T18:30:00Z']);
      case 'ID':
        return chance.pick(['7f000001-0000-4000-8000-000000000001', 'abc', '12']);
      default:
        return chance.pick(['', 'milk', 'with "quotes" and \n lines', 'Überraschung 🎁', '7']);
    }
  }
}

const absent = Symbol('absent');

function bare(type: GraphQLInputType): GraphQLInputType {
  return isNonNullType(type) ? type.ofType : type;
}
