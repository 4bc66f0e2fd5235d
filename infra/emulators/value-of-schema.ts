import { z } from 'zod';

const Schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  examples: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  format: z.string().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Schema = z.infer<typeof Schema>;

/** Items of an array whose schema does not say how many. */
const usualItems = 3;
/** Schemas within schemas: one that contains itself ends there. */
const maxDepth = 12;

const texts: Readonly<Record<string, string>> = {
  'date-time': '2030-01-01T09:00:00.000Z',
  date: '2030-01-01',
  time: '09:00:00',
  uuid: '01900000-0000-7000-8000-000000000000',
  email: 'ada@example.com',
  uri: 'https://example.com',
};

/** Where in a value one is. */
interface Place {
  readonly root: unknown;
  readonly name: string;
  /** Which item of an array it belongs to, from 1; 0 outside any. */
  readonly number: number;
  readonly depth: number;
}

/**
 * The smallest value that fits a JSON schema, made of its constants, examples, defaults and bounds, and for texts without
 * any of the name: "Title 1". Objects have what they must have, arrays three items. What is beyond (`pattern`, `not`) is
 * not looked at.
 */
export function valueOfSchema(schema: unknown): unknown {
  return valueAt(schema, { root: schema, name: 'text', number: 0, depth: 0 });
}

function valueAt(given: unknown, place: Place): unknown {
  const parsed = Schema.safeParse(given);
  if (!parsed.success || place.depth > maxDepth) return null;
  const schema = parsed.data;
  const inner = { ...place, depth: place.depth + 1 };
  if (schema.$ref !== undefined) return valueAt(referred(place.root, schema.$ref), inner);
  if (schema.const !== undefined) return schema.const;
  for (const choices of [schema.examples, schema.enum])
    if (choices?.length) return choices[Math.max(0, place.number - 1) % choices.length];
  if (schema.default !== undefined) return schema.default;
  const [option] = schema.anyOf ?? schema.oneOf ?? [];
  if (option !== undefined) return valueAt(option, inner);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((each) => valueAt(each, inner)));
  return valueOfType(schema, inner);
}

function valueOfType(schema: Schema, place: Place): unknown {
  const implied = schema.properties ? 'object' : 'string';
  const [type = implied] = [schema.type ?? []].flat();
  if (type === 'object') return objectOf(schema, place);
  if (type === 'array') return arrayOf(schema, place);
  if (type === 'string') return textOf(schema, place);
  if (type === 'integer' || type === 'number') return numberOf(schema);
  return type === 'boolean' ? false : null;
}

function objectOf({ properties = {}, required = Object.keys(properties) }: Schema, place: Place): object {
  return Object.fromEntries(required.map((name) => [name, valueAt(properties[name], { ...place, name })]));
}

function arrayOf({ items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: Schema, place: Place): unknown[] {
  const length = Math.min(Math.max(usualItems, minItems), maxItems);
  return Array.from({ length }, (_, index) => valueAt(items, { ...place, number: index + 1 }));
}

function textOf({ title, format = '', minLength = 0, maxLength }: Schema, { name, number }: Place): string {
  const words = (title ?? name)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  const label = `${words.charAt(0).toUpperCase()}${words.slice(1)}${number > 0 ? ` ${number}` : ''}`;
  return (texts[format] ?? label).padEnd(minLength, '.').slice(0, maxLength);
}

function numberOf({ minimum, exclusiveMinimum, maximum }: Schema): number {
  const least = minimum ?? (exclusiveMinimum === undefined ? 1 : exclusiveMinimum + 1);
  return Math.min(least, maximum ?? least);
}

/** What a reference within the schema means: `#/$defs/step`. */
function referred(root: unknown, reference: string): unknown {
  const names = reference.split('/').slice(1);
  return names.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    root,
  );
}
