// A statement is built once by the query builder and kept as text with slots. The verbs bind values
// to the slots by name, so that a request costs no building. Both engines compile the same body.
import type { Compilable, Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export type Value = string | number | null | Uint8Array;
export type QueryBuilder = Kysely<Tables>;

/** Stands for an argument while a statement is built. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Ready to run: SQL, and for each `?` the value or the name of the argument that fills it. */
export interface Prepared {
  readonly sql: string;
  readonly slots: readonly (Slot | Value)[];
}

export interface Statement<Args, Row> {
  /** Compiled for the engine that owns `builder`; compiled once. */
  prepared(builder: QueryBuilder): Prepared;
  /** Never read; keeps the types of arguments and rows. */
  readonly types?: (args: Args) => Row;
}

/** Declares a statement: `statement((db, arg: Args) => db.selectFrom…where('x', '=', arg.x))`. */
export const statement = <Args, Row>(
  build: (db: QueryBuilder, arg: Args) => Compilable<Row>,
): Statement<Args, Row> => {
  const compiled = new WeakMap<QueryBuilder, Prepared>();
  return {
    prepared(builder) {
      let prepared = compiled.get(builder);
      if (prepared === undefined) {
        const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) });
        prepared = prepare(build(builder, slots as Args));
        compiled.set(builder, prepared);
      }
      return prepared;
    },
  };
};

export const prepare = (query: Compilable<unknown>): Prepared => {
  const { sql, parameters } = query.compile();
  return { sql, slots: parameters as (Slot | Value)[] };
};

/** The values for the slots of `prepared`, in order. */
export const bind = (prepared: Prepared, args: object): Value[] =>
  prepared.slots.map((slot) =>
    slot instanceof Slot ? (args as Record<string, Value>)[slot.name]! : slot,
  );

/** What a verb runs on: one connection inside one transaction. */
export interface Connection {
  readonly builder: QueryBuilder;
  all<Args extends object, Row>(statement: Statement<Args, Row>, args: Args): Promise<Row[]>;
  /** First row or undefined. */
  one<Args extends object, Row>(
    statement: Statement<Args, Row>,
    args: Args,
  ): Promise<Row | undefined>;
  /** Runs a statement for its effect; resolves the number of rows it changed. */
  run<Args extends object>(statement: Statement<Args, unknown>, args: Args): Promise<number>;
  /** Runs a query that was built for this call (filters of a listing). */
  query<Row>(query: Compilable<Row>): Promise<Row[]>;
  change(query: Compilable<unknown>): Promise<number>;
}
