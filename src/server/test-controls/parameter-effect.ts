import { asNode, isRefused, type SchemaNode, type TSchema } from '../../lib/schema.ts';

/** What became of a parameter: read by the operation, or without effect and why. */
export type ParameterEffect = { isRead: true } | { isRead: false; reason: string };

const READ: ParameterEffect = { isRead: true };
const UNKNOWN: ParameterEffect = {
  isRead: false,
  reason: 'The operation has no parameter of this name.',
};

/** @param name as it came, `Tag.1.Key` */
export const effectOf = (input: TSchema, name: string): ParameterEffect => {
  let node: SchemaNode = asNode(input);
  for (const segment of name.split('.')) {
    const next = below(node, segment);
    if (next === undefined) return UNKNOWN;
    if (next.withoutEffect !== undefined) return { isRead: false, reason: next.withoutEffect };
    // What is refused as a whole, or taken as one JSON text, has no inside to look up.
    if (isRefused(next)) return READ;
    node = next;
  }
  return READ;
};

const below = (node: SchemaNode, segment: string): SchemaNode | undefined => {
  if (node.type === 'array') return /^\d+$/.test(segment) ? node.items : undefined;
  const { properties = {} } = node;
  if (Object.hasOwn(properties, segment)) return properties[segment];
  return Object.values(properties).find(({ aliases }) => aliases?.includes(segment));
};
