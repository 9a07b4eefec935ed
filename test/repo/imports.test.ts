// Who may import whom. The table is the house's plan: a breach is a fault of the plan or of the
// import, and is settled by changing one of them on purpose. Tests and src/testing are exempt.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { filesOf, importsOf, type Import } from './tree.ts';

interface Room {
  /** Rooms and root files that may be imported. */
  may: readonly string[];
  /** Of these only types. */
  typesOf?: readonly string[];
  /** Packages. */
  packages?: readonly string[];
  /** `node:` modules that must not be there. */
  notNode?: RegExp;
}

const ANY_ROOM =
  'lib wire domain disk store blobs jobs operations server client errors.ts operation.ts'.split(
    ' ',
  );

/** A room that does no input and output. */
const PURE = /^node:(fs|net|http|https|tls|dns|child_process|worker_threads|sqlite)(\/|$)/;
const NO_PORTS = /^node:(net|http|https|tls|dns)(\/|$)/;

const ROOMS: Readonly<Record<string, Room>> = {
  lib: { may: [] },
  'errors.ts': { may: [] },
  'operation.ts': { may: ['errors.ts', 'lib', 'domain'], notNode: /./ },
  wire: { may: ['lib', 'errors.ts'], notNode: PURE },
  domain: { may: ['lib', 'errors.ts'], notNode: PURE },
  disk: { may: ['lib'], notNode: PURE },
  store: { may: ['lib', 'domain'], typesOf: ['domain'], packages: ['kysely'], notNode: NO_PORTS },
  blobs: {
    may: ['lib', 'domain'],
    typesOf: ['domain'],
    // Both only when a store in S3 is configured (ready-modules.test.ts).
    packages: ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'],
    notNode: NO_PORTS,
  },
  jobs: { may: ['lib', 'domain', 'store', 'blobs', 'disk'], notNode: NO_PORTS },
  operations: { may: ['operation.ts', 'lib', 'errors.ts', 'domain'], notNode: PURE },
  server: {
    may: ANY_ROOM,
    packages: ['@tus/server', 'fastify', 'pino', 'prom-client'],
  },
  client: { may: ['lib'] },
  cli: {
    may: ['client', 'disk', 'lib'],
    packages: ['@alicloud/ecs20140526', '@alicloud/openapi-core', 'asn1js', 'pkijs'],
  },
};

/** Files of the command line that start, or stand in for, a server. */
const CLI_WITH_SERVER: ReadonlySet<string> = new Set([
  'src/cli/demo.ts',
  'src/cli/doctor-storage.ts',
  'src/cli/main.ts',
  'src/cli/offline.ts',
  'src/cli/restore.ts',
  'src/cli/rotate-master-key.ts',
  'src/cli/run/own-server.ts',
  'src/cli/serve-seed.ts',
  'src/cli/serve.ts',
  'src/cli/version.ts',
]);

/** The disk inspector reads through an interface; this is its one reader over a real file. */
const DISK_READER = 'src/disk/reader.ts';

const roomOf = (path: string): string => path.split('/')[1] ?? '';

const isExempt = (path: string): boolean =>
  path.endsWith('.test.ts') ||
  path.startsWith('src/testing/') ||
  path === 'src/wire/test-requests.ts';

const imports = filesOf('src/**/*.ts')
  .filter((path) => !isExempt(path))
  .flatMap(importsOf);

const mayServe = ({ from, to }: Import): boolean =>
  CLI_WITH_SERVER.has(from) && /^src\/(server|testing)\//.test(to);

/** Why an import is not allowed; undefined when it is. */
const objection = (one: Import): string | undefined => {
  const { from, to, isOurs, isType } = one;
  const room = ROOMS[roomOf(from)];
  if (room === undefined) return 'lies in no room';
  if (to.startsWith('node:'))
    return room.notNode?.test(to) && from !== DISK_READER ? 'is closed to this room' : undefined;
  if (!isOurs) {
    if (from === 'src/lib/schema.ts' && to === '@sinclair/typebox') return undefined;
    const name = to.split('/', to.startsWith('@') ? 2 : 1).join('/');
    return room.packages?.includes(name) ? undefined : 'is a package that this room may not use';
  }
  const target = roomOf(to);
  if (target === roomOf(from) || mayServe(one)) return undefined;
  if (!room.may.includes(target)) return 'is not open to this room';
  return room.typesOf?.includes(target) && !isType
    ? 'may be imported for its types only'
    : undefined;
};

test('every room imports only what the table opens to it', () => {
  const breaches = imports
    .map((one) => ({ ...one, why: objection(one) }))
    .filter(({ why }) => why !== undefined)
    .map(({ from, to, why }) => `${from}: ${to} ${why}`);
  assert.deepEqual(breaches, []);
});

/** `vpc/CreateVpc.ts` says that it is `ecs/CreateVpc.ts` under another product. */
const isSameAction = ({ from, to }: Import): boolean => basename(from) === basename(to);

test('an operation imports no other Action, only what lies in a shared folder', () => {
  const breaches = imports
    .filter(
      ({ from, to }) => from.startsWith('src/operations/') && to.startsWith('src/operations/'),
    )
    .filter(({ from, isDynamic }) => !(from === 'src/operations/index.ts' && isDynamic))
    .filter((one) => !/^src\/operations\/\w+\/shared\//.test(one.to) && !isSameAction(one))
    .map(({ from, to }) => `${from}: ${to}`);
  assert.deepEqual(breaches, []);
});

test('the schema library is imported in one place', () => {
  const users = imports.filter(({ to }) => to.startsWith('@sinclair/')).map(({ from }) => from);
  assert.deepEqual([...new Set(users)], ['src/lib/schema.ts']);
});

test('every import leads to a file', () => {
  const all = new Set(filesOf('{src,tools,test}/**/*', 'package.json'));
  const lost = imports.filter(({ to, isOurs }) => isOurs && !all.has(to));
  assert.deepEqual(
    lost.map(({ from, to }) => `${from}: ${to}`),
    [],
  );
});

test('the files import each other in no circle', () => {
  const next = Map.groupBy(
    imports.filter(({ isOurs, isType, isDynamic }) => isOurs && !isType && !isDynamic),
    ({ from }) => from,
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const again = way.indexOf(path);
    if (again !== -1) return void circles.push([...way.slice(again), path].join(' → '));
    if (done.has(path)) return;
    for (const { to } of next.get(path) ?? []) walk(to, [...way, path]);
    done.add(path);
  };
  for (const path of next.keys()) walk(path, []);
  assert.deepEqual(circles, []);
});

test('the rooms import each other in no circle, types included', () => {
  const edges = new Set(
    imports
      .filter(({ isOurs, from, to }) => isOurs && roomOf(from) !== roomOf(to))
      .filter((one) => !mayServe(one))
      .map(({ from, to }) => `${roomOf(from)} ${roomOf(to)}`),
  );
  const rooms = new Set(Object.keys(ROOMS));
  // Rooms that import nothing of the remaining ones are taken away until none is left.
  for (let before = -1; before !== rooms.size;) {
    before = rooms.size;
    for (const room of rooms)
      if (![...rooms].some((other) => edges.has(`${room} ${other}`))) rooms.delete(room);
  }
  assert.deepEqual([...rooms], []);
});
