import { object, optional, type TProperties } from '../../../lib/schema.ts';

/** An object schema whose members may all be absent (the empty `Image` of an empty family). */
export const partial = <P extends TProperties>(properties: P) =>
  object(
    Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, optional(schema)]),
    ) as { [Name in keyof P]: ReturnType<typeof optional<P[Name]>> },
  );
