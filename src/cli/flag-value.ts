// The value of one flag. Structs are written `Key=env,Value=prod`: a comma separates only where a name
// and `=` follow, so that values may hold commas; whatever else a value holds, JSON says it:
// `{"Key":"env","Value":"a,b=c"}`.
import type { FieldData, ShapeData } from '../client/operation-data.ts';
import { valueText } from '../client/value-text.ts';
import { suggestion } from '../lib/nearest.ts';
import { UsageError } from './usage-error.ts';

/** @param where the flag, or the member of it, for the sentence of an error. @throws UsageError */
export const inputValue = (given: unknown, shape: ShapeData, where: string): unknown => {
  if (shape.type === 'struct') return structValue(given, shape.fields ?? [], where);
  if (shape.type === 'list') {
    const items = typeof given === 'string' ? parseJson(given, where) : given;
    if (!Array.isArray(items)) throw new UsageError(`${where} takes a JSON list.`);
    return items.map((item: unknown) => inputValue(item, shape.items!, where));
  }
  if (typeof given === 'object') throw new UsageError(`${where} takes one ${shape.type}.`);
  return scalarValue(valueText(given), shape, where);
};

const scalarValue = (text: string, shape: ShapeData, where: string): string | number | boolean => {
  if (shape.type === 'integer') {
    if (!/^\d{1,15}$/.test(text))
      throw new UsageError(`${where} takes a whole number, not ${text}.`);
    return Number(text);
  }
  if (shape.type === 'boolean') {
    if (!/^(true|false)$/i.test(text))
      throw new UsageError(`${where} takes true or false, not ${text}.`);
    return text.toLowerCase() === 'true';
  }
  if (shape.enum !== undefined && !shape.enum.includes(text))
    throw new UsageError(
      `${where} takes ${shape.enum.join(', ')}; not ${text}.${suggestion(text, shape.enum)}`,
    );
  return text;
};

const structValue = (
  given: unknown,
  fields: readonly FieldData[],
  where: string,
): Record<string, unknown> => {
  const members = typeof given === 'string' ? readMembers(given, fields, where) : given;
  if (typeof members !== 'object' || members === null || Array.isArray(members))
    throw new UsageError(`${where} takes ${pattern(fields)} or a JSON object.`);
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    const field = fields.find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (field === undefined)
      throw new UsageError(
        `${where} has no member ${name}.${
          suggestion(
            name,
            fields.map((known) => known.name),
          ) || ` It takes ${pattern(fields)}.`
        }`,
      );
    result[field.name] = inputValue(value, field, `${where} ${field.name}`);
  }
  const absent = fields.filter(({ name, required }) => required && result[name] === undefined);
  if (absent.length > 0)
    throw new UsageError(`${where} needs ${absent.map(({ name }) => name).join(', ')}.`);
  return result;
};

const readMembers = (text: string, fields: readonly FieldData[], where: string): unknown => {
  if (text.startsWith('{')) return parseJson(text, where);
  return Object.fromEntries(
    text.split(/,(?=[A-Za-z]\w*=)/).map((part) => {
      const at = part.indexOf('=');
      if (at < 1) throw new UsageError(`${where} takes ${pattern(fields)}, not ${text}.`);
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
};

const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is not JSON: ${(error as Error).message}.`);
  }
};

/** `Key=…,Value=…` */
export const pattern = (fields: readonly FieldData[]): string =>
  fields.map(({ name }) => `${name}=…`).join(',');
