// What is known of objects by version of their file, and the rows of buckets that go.
import type { ObjectFacts } from '../../domain/object-facts.ts';
import { statement, type Connection } from '../statement.ts';

const factsBetween = statement((db, arg: { bucket: string; first: string; last: string }) =>
  db
    .selectFrom('object_fact')
    .select(['object', 'version', 'facts'])
    .where('bucket', '=', arg.bucket)
    .where('object', '>=', arg.first)
    .where('object', '<=', arg.last),
);
const insertFacts = statement(
  (db, arg: { bucket: string; object: string; version: string; facts: string }) =>
    db
      .insertInto('object_fact')
      .values({ bucket: arg.bucket, object: arg.object, version: arg.version, facts: arg.facts })
      .onConflict((conflict) =>
        conflict.columns(['bucket', 'object', 'version']).doUpdateSet({ facts: arg.facts }),
      ),
);
const dropFacts = statement((db, arg: { bucket: string; object: string; version: string }) =>
  db
    .deleteFrom('object_fact')
    .where('bucket', '=', arg.bucket)
    .where('object', '=', arg.object)
    .where('version', '<>', arg.version),
);
const dropFactsOfBucket = statement((db, arg: { bucket: string }) =>
  db.deleteFrom('object_fact').where('bucket', '=', arg.bucket),
);
const dropBucket = statement((db, arg: { bucket: string }) =>
  db.deleteFrom('bucket').where('bucket', '=', arg.bucket),
);

export const objectFactReads = (connection: Connection) => ({
  async objectFacts(bucket: string, first: string, last: string): Promise<ObjectFacts[]> {
    const rows = await connection.all(factsBetween, { bucket, first, last });
    return rows.map(({ object, version, facts }) => ({
      object,
      version,
      facts: JSON.parse(facts) as ObjectFacts['facts'],
    }));
  },
});

export const objectFactWrites = (connection: Connection) => ({
  async insertObjectFacts(bucket: string, { object, version, facts }: ObjectFacts): Promise<void> {
    await connection.run(insertFacts, { bucket, object, version, facts: JSON.stringify(facts) });
  },
  async deleteObjectFacts(bucket: string, object: string, exceptVersion: string): Promise<void> {
    await connection.run(dropFacts, { bucket, object, version: exceptVersion });
  },
  async deleteFactsOfBucket(bucket: string): Promise<void> {
    await connection.run(dropFactsOfBucket, { bucket });
  },
  async deleteBucket(bucket: string): Promise<void> {
    await connection.run(dropBucket, { bucket });
  },
});
