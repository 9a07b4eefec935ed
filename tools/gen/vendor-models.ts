// The vendor's own description of his operations: the model classes of the official SDK, read at the
// time of generation. A class has static `names()` (property → wire name) and `types()` (property →
// type name, class, or {type: 'array', itemType}).
import { createRequire } from 'node:module';

interface Model {
  names(): Record<string, string>;
  types(): Record<string, Described>;
}
type Described = string | Model | { type: 'array' | 'map'; itemType?: Described };

/** A leaf or branch of a request or an answer: `Tag[].Key`. */
export interface VendorField {
  path: string;
  type: string;
}

export interface VendorOperation {
  request: VendorField[];
  response: VendorField[];
}

const sdk = createRequire(import.meta.url)('@alicloud/ecs20140526') as Record<
  string,
  Model | undefined
>;

/** The version of the SDK that was read. */
export const sdkVersion = (
  createRequire(import.meta.url)('@alicloud/ecs20140526/package.json') as { version: string }
).version;

/** The fields of an operation as the SDK has them; undefined when it does not know the action. */
export const vendorOperation = (action: string): VendorOperation | undefined => {
  const request = sdk[`${action}Request`];
  const response = sdk[`${action}ResponseBody`];
  if (request === undefined || response === undefined) return undefined;
  return { request: fieldsOf(request, ''), response: fieldsOf(response, '') };
};

const fieldsOf = (model: Model, prefix: string): VendorField[] => {
  const names = model.names();
  return Object.entries(model.types())
    .flatMap(([property, type]) => describe(type, `${prefix}${names[property] ?? property}`))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
};

const describe = (type: Described, path: string): VendorField[] => {
  if (typeof type === 'string') return [{ path, type }];
  if (typeof type === 'function') return [{ path, type: 'struct' }, ...fieldsOf(type, `${path}.`)];
  if (!('itemType' in type) || type.itemType === undefined) return [{ path, type: 'map' }];
  const [first, ...rest] = describe(type.itemType, `${path}[]`);
  return [{ path, type: `list of ${first?.type ?? 'any'}` }, ...rest];
};
