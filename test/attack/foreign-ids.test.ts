// Every operation, every parameter that takes an id: an id of another account is answered letter for
// letter as one that never was, and nothing of the other account changes. The operations and their
// parameters come from the generated data, so that a new operation is held to it unasked.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { operations } from '../../src/client/data.ts';
import type { FieldData, OperationData, ShapeData } from '../../src/client/operation-data.ts';
import { RESOURCE_TYPES, type ResourceType } from '../../src/domain/resource.ts';
import {
  CallError,
  kindred,
  REGION,
  type Harness,
  type Parameters,
} from '../../src/testing/harness.ts';
import { DATABASE_FILE } from '../../src/store/sqlite/open.ts';

type Kind = ResourceType | 'image' | 'snapshot' | 'task';

/** The last word of a parameter's name → what its ids name. */
const KINDS: readonly [RegExp, Kind][] = [
  [/^(Image|BaseImage|SourceImage)Ids?$|^BaseImage$/, 'image'],
  [/Snapshot(Id|Ids)$/, 'snapshot'],
  [/^TaskIds?$/, 'task'],
  [/InstanceIds?$/, 'instance'],
  [/DiskIds?$/, 'disk'],
  [/(SecurityGroup|SourceGroup|DestGroup|ClientTokenGroup)Ids?$/, 'securitygroup'],
  [/KeyPairNames?$/, 'keypair'],
  [/^(Allocation|Eip)Ids?$/, 'eip'],
  [/VpcIds?$/, 'vpc'],
  [/VSwitchIds?$/, 'vswitch'],
  [/^ImageComponentIds?$/, 'imagecomponent'],
  [/^ImagePipelineIds?$/, 'imagepipeline'],
  [/^ExecutionIds?$/, 'imagepipelineexecution'],
  [/ResourceGroupIds?$/, 'resourcegroup'],
];

/** Kinds whose ids `ResourceId` may carry, when `ResourceType` says so. */
const TYPED: readonly Kind[] = [
  'image',
  'snapshot',
  'instance',
  'disk',
  'securitygroup',
  'keypair',
  'imagecomponent',
  'imagepipeline',
];

const UNKNOWN = 'zzzzzzzzzzzzzzzzz';

interface World {
  ids: Record<Kind, string>;
  key: { accessKeyId: string; accessKeySecret: string };
}

/** One thing of each kind, of the operator's account. */
const furnish = async (k: Harness): Promise<World> => {
  const made = await k.image({ ImageName: 'owners-image', ImageFamily: 'owners-family' });
  const { taskId } = await k.startImport();
  const ids: Partial<Record<Kind, string>> = {
    image: made.imageId,
    snapshot: made.snapshotId,
    task: taskId,
  };
  for (const resourceType of RESOURCE_TYPES) {
    const resourceId = `${PREFIX[resourceType]}bp1${resourceType.padEnd(17, '0').slice(0, 17)}`;
    ids[resourceType] = await k.record(resourceType, { resourceId });
  }
  // The loop has filled every kind.
  return { ids: ids as Record<Kind, string>, key: k.rootKey };
};

const PREFIX: Readonly<Record<ResourceType, string>> = {
  instance: 'i-',
  disk: 'd-',
  securitygroup: 'sg-',
  keypair: 'kp-',
  eip: 'eip-',
  vpc: 'vpc-',
  vswitch: 'vsw-',
  imagecomponent: 'ic-',
  imagepipeline: 'ip-',
  imagepipelineexecution: 'exec-',
  resourcegroup: 'rg-',
};

interface Place {
  path: string;
  kind: Kind;
  /** Whether the text is a JSON list of ids. */
  isJsonList: boolean;
  /** Parameters that must stand beside it. */
  beside: Parameters;
}

/** Every place of the input in which an id may stand. */
const placesOf = ({ input, example }: OperationData): Place[] => {
  const found: Place[] = [];
  const walk = (fields: readonly FieldData[], prefix: string): void => {
    for (const field of fields) visit(`${prefix}${field.name}`, field.name, field);
  };
  const visit = (path: string, name: string, shape: ShapeData): void => {
    if (shape.withoutEffect !== undefined) return;
    if (shape.type === 'struct') return walk(shape.fields ?? [], `${path}.`);
    if (shape.type === 'list') return visit(`${path}.1`, name, shape.items ?? { type: 'string' });
    if (name === 'ResourceId') {
      for (const kind of TYPED)
        found.push({ path, kind, isJsonList: false, beside: { ResourceType: kind } });
      return;
    }
    const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1];
    if (kind === undefined) return;
    const isJsonList =
      example[path]?.startsWith('[') ?? (name.endsWith('s') && !/\.\d+$/.test(path));
    found.push({ path, kind, isJsonList, beside: {} });
  };
  walk(input, '');
  return found;
};

/** The answer as the caller reads it, without what differs between any two calls. */
const ask = async (
  k: Harness,
  name: string,
  parameters: Parameters,
  as: World['key'],
  id: string,
): Promise<{ text: string; isRefused: boolean }> => {
  const neutral = (text: string) =>
    text
      .replaceAll(id, 'ID')
      .replaceAll(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/g, 'REQUEST')
      .replaceAll(/-[0-9a-z]{20}\b/g, '-NEW');
  try {
    return {
      text: neutral(JSON.stringify(await k.call(name, parameters, { as }))),
      isRefused: false,
    };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    assert.ok(error.status < 500, `${name}: ${error.body}`);
    return { text: `${error.status} ${neutral(error.body)}`, isRefused: true };
  }
};

/** A hash of every row that belongs to the account. */
const rowsOf = (k: Harness): string => {
  const database = new DatabaseSync(join(k.dataDir, DATABASE_FILE), { readOnly: true });
  try {
    const hash = createHash('sha256');
    const tables = database
      .prepare(
        `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'account_id' WHERE m.type = 'table' AND m.name <> 'nonce' ORDER BY m.name`,
      )
      .all() as { name: string }[];
    for (const { name } of tables)
      for (const row of database
        .prepare(`SELECT * FROM "${name}" WHERE account_id = ? ORDER BY rowid`)
        .all(k.accountId))
        hash.update(`${name} ${JSON.stringify(row)}\n`);
    return hash.digest('hex');
  } finally {
    database.close();
  }
};

test('an id of another account is answered as one that never was, by every operation', async (t) => {
  const k = await kindred(t);
  const { ids } = await furnish(k);
  const stranger = await k.newAccount();
  const before = rowsOf(k);
  let count = 0;
  for (const operation of Object.values(operations))
    for (const { path, kind, isJsonList, beside } of placesOf(operation)) {
      const theirs = ids[kind];
      const unknown = theirs.replace(/-.*$/, `-bp1${UNKNOWN}`);
      const send = (id: string) => {
        const value = isJsonList ? JSON.stringify([id]) : id;
        const region = operation.example.RegionId !== undefined && { RegionId: REGION };
        const parameters = { ...operation.example, ...region, ...beside, [path]: value };
        return ask(k, operation.name, parameters, stranger, id);
      };
      const of = `${operation.name} ${path} (${kind})`;
      const [neverWas, foreign] = [await send(unknown), await send(theirs)];
      // An operation that does not look at the id acts in the caller's own account, once for each call.
      const isWrite = operation.kind !== 'read' && !neverWas.isRefused;
      if (isWrite) assert.equal(foreign.isRefused, false, `${of}: ${foreign.text}`);
      else assert.equal(foreign.text, neverWas.text, of);
      count += 1;
    }
  assert.equal(rowsOf(k), before, 'rows of the other account changed');
  t.diagnostic(`${count} places for ids in ${Object.keys(operations).length} operations`);
});
