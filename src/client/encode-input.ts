import type { FieldData, OperationData, ShapeData } from './operation-data.ts';
import { valueText } from './value-text.ts';

/**
 * The wire texts of an input: `{Tag: [{Key: 'env'}]}` → `{'Tag.1.Key': 'env'}`. What is undefined is
 * left out. @throws TypeError for a name that the operation does not have: the server would not use it
 */
export const encodeInput = (
  { action, input: fields }: OperationData,
  input: object,
): Record<string, string> => {
  const texts: Record<string, string> = {};
  encodeMembers(input, fields, '', action, texts);
  return texts;
};

const encodeMembers = (
  value: object,
  fields: readonly FieldData[],
  prefix: string,
  action: string,
  texts: Record<string, string>,
): void => {
  for (const [name, member] of Object.entries(value)) {
    const field = fields.find((known) => known.name === name || known.aliases?.includes(name));
    if (field === undefined) throw new TypeError(`${action} has no parameter ${prefix}${name}`);
    encodeValue(member, field, prefix + name, action, texts);
  }
};

const encodeValue = (
  value: unknown,
  shape: ShapeData,
  path: string,
  action: string,
  texts: Record<string, string>,
): void => {
  if (value === undefined || value === null) return;
  if (shape.type === 'list') {
    if (!Array.isArray(value)) throw new TypeError(`${action}: ${path} is a list`);
    for (const [i, item] of value.entries())
      encodeValue(item, shape.items!, `${path}.${i + 1}`, action, texts);
  } else if (shape.type === 'struct') {
    if (typeof value !== 'object') throw new TypeError(`${action}: ${path} is a struct`);
    encodeMembers(value, shape.fields ?? [], `${path}.`, action, texts);
  } else if (typeof value === 'object') {
    throw new TypeError(`${action}: ${path} is one ${shape.type}`);
  } else texts[path] = valueText(value);
};
