import type { FieldData, ShapeData } from '../../src/client/operation-data.ts';

/** A field of one of our operations under its full path: `Tag[].Key`. */
export interface OurField {
  path: string;
  field: ShapeData & { required?: true };
}

/** Every field below, each followed by what is inside it. */
export const flatFields = (fields: readonly FieldData[], prefix = ''): OurField[] =>
  fields.flatMap((field) => inside(field, `${prefix}${field.name}`));

const inside = (field: ShapeData & { required?: true }, path: string): OurField[] => {
  if (field.type === 'struct')
    return [{ path, field }, ...flatFields(field.fields ?? [], `${path}.`)];
  if (field.type !== 'list') return [{ path, field }];
  const below = inside(field.items!, `${path}[]`);
  // The item of a list has no row of its own.
  return [{ path, field }, ...below.slice(1)];
};

export const typeName = (shape: ShapeData): string =>
  shape.type === 'list' ? `list of ${typeName(shape.items!)}` : shape.type;

/** As it stands on the wire: `Tag.N.Key`. */
export const wirePath = (path: string): string => path.replaceAll('[]', '.N');
