// The one place that imports the schema library. A schema is plain JSON-Schema data in wire names;
// from it come the types, the decoder, the CLI flags, the client, OpenAPI and the reference pages.
// Nothing here knows an operation: the vendor's error codes travel as annotations on the schema.
import {
  Array as arrayOf,
  Boolean as booleanOf,
  Integer as integerOf,
  Object as objectOf,
  Optional as optionalOf,
  String as stringOf,
  Unsafe as unsafeOf,
  type Static,
  type TArray,
  type TObject,
  type TProperties,
  type TSchema,
  type TUnsafe,
} from '@sinclair/typebox';

export type { Static, TObject, TProperties, TSchema };

/** What a schema node may say about itself beside its shape. */
export interface Notes {
  /** One sentence for the reference page and `--help`; gives the unit where there is one. */
  description?: string;
  /** The error code when a required parameter is absent; default `Missing<Name>`. */
  missing?: string;
  /** The error code when a value breaks the rules of this node; default `Invalid<Name>`. */
  invalid?: string;
  /** The error code when a list has more than `maxItems` entries; default the `invalid` code. */
  tooMany?: string;
  /** Marks a parameter that is accepted and has no effect; the text is the reason. */
  withoutEffect?: string;
  /** Other wire names of the same parameter, in order of preference after the own name. */
  aliases?: readonly string[];
  /** Value used when the parameter is absent (only on optional nodes). */
  default?: unknown;
}

export interface StringNotes extends Notes {
  minLength?: number;
  maxLength?: number;
  /** The error code when a text is longer than `maxLength`; default the `invalid` code. */
  tooLong?: string;
  /** An anchored regular expression, tested with the Unicode flag. */
  pattern?: string;
  /** An empty text that was sent is a value, which takes away what was there; else empty means absent. */
  emptyClears?: true;
}

export interface IntegerNotes extends Notes {
  minimum?: number;
  maximum?: number;
  /** Values above `maximum` become `maximum` instead of an error. */
  clamp?: boolean;
}

export const string = (notes: StringNotes = {}) => stringOf({ ...notes });
export const integer = (notes: IntegerNotes = {}) => integerOf({ ...notes });
export const boolean = (notes: Notes = {}) => booleanOf({ ...notes });

/** A string out of a closed list. */
export const choice = <const V extends string>(
  values: readonly V[],
  notes: Notes = {},
): TUnsafe<V> => unsafeOf<V>({ ...notes, type: 'string', enum: [...values] });

export const object = <P extends TProperties>(properties: P, notes: Notes = {}): TObject<P> =>
  objectOf(properties, { ...notes });

/** A list, on the wire `Name.1`, `Name.2`, … */
export const list = <T extends TSchema>(
  item: T,
  notes: Notes & { minItems?: number; maxItems?: number } = {},
): TArray<T> => arrayOf(item, { ...notes });

export const optional = <T extends TSchema>(schema: T) => optionalOf(schema);

/** A schema node seen as data, for the walkers (decoder, generators). */
export interface SchemaNode extends StringNotes, IntegerNotes {
  type?: string;
  enum?: readonly string[];
  properties?: Record<string, SchemaNode>;
  required?: readonly string[];
  items?: SchemaNode;
  minItems?: number;
  maxItems?: number;
}

/** Whether the description says that any value is refused; it then names the error in backticks. */
export const isRefused = ({ description = '' }: Pick<Notes, 'description'>): boolean =>
  /\brefused\b/i.test(description);

/** Views a schema as plain data. */
export const asNode = (schema: TSchema): SchemaNode => schema as unknown as SchemaNode;
