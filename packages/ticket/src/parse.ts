import { z } from 'zod';
import { suggestion } from './nearest.js';

/**
 * Parses a value with a schema and explains the first thing that is wrong in one sentence.
 *
 * @param where what the value is, at the start of the message: a file, a network, a layer.
 * @throws Error naming the key's path, what was found and what was expected; for an unknown key, the nearest
 *   known one.
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt key is also a missing one; that it is unknown, and what it may have meant, helps more.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  throw new Error(issue ? `${where}: ${explain(issue, schema, value)}` : `${where}: not valid`);
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): string {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const inside = path === '' ? '' : ` in '${path}'`;
    return `unknown key '${key}'${inside}${suggestion(key, keysAt(schema, issue.path))}`;
  }
  const subject = path === '' ? 'the value' : `'${path}'`;
  return `${subject} must be ${expectation(issue)}, found ${excerpt(valueAt(value, issue.path))}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `of type ${issue.expected}`;
    case 'invalid_value':
      return choices(issue.values);
    case 'invalid_union':
      return 'options' in issue ? choices(issue.options) : alternatives(issue.errors);
    case 'too_small':
      return `${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}${measure(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}${measure(issue.origin)}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.pattern === undefined ? `a valid ${issue.format}` : `text that matches ${issue.pattern}`;
    default:
      return `valid (${issue.message})`;
  }
}

function choices(values: readonly unknown[]): string {
  return `one of ${values.map((choice) => JSON.stringify(choice)).join(', ')}`;
}

// What each form of a union would have needed first.
function alternatives(errors: readonly (readonly z.core.$ZodIssue[])[]): string {
  const first = errors.flatMap(([issue]) => (issue ? [issue] : []));
  return first
    .map((issue) => {
      const inside = pathText(issue.path);
      return inside === '' ? expectation(issue) : `an object with '${inside}' ${expectation(issue)}`;
    })
    .join(', or ');
}

function measure(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' || origin === 'set' ? ' entries long' : '';
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

// The known keys of the object that a path leads to; of all the forms that it may have, where there are several.
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const inner = path.reduce((schemas, key) => schemas.flatMap((one) => child(one, key)), forms(schema));
  return [...new Set(inner.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : [])))];
}

function child(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return forms(schema.element);
  if (schema instanceof z.ZodRecord) return forms(schema.valueType);
  const inner = schema instanceof z.ZodObject ? (schema.shape as z.core.$ZodShape)[String(key)] : undefined;
  return inner ? forms(inner) : [];
}

function forms(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(forms);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return forms(schema.unwrap());
  }
  return [schema];
}

// A value in a message: short, on one line.
function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? value.toString() : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
