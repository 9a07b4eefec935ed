// The largest request that each operation takes: every list as long as it may be, every text as long as it
// may be, as much as a body holds. None may keep the one thread busy for long, taken or refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asNode, type SchemaNode } from '../../src/lib/schema.ts';
import { operations } from '../../src/operations/index.ts';
import { kindred, REGION, type Harness, type Parameters } from '../../src/testing/harness.ts';
import type { WireRequest } from '../../src/wire/request.ts';
import { v1 } from './sign.ts';

const LIMIT_MS = 50;
const MAX_PARAMETERS = 990;
const MAX_BODY_BYTES = 1_000_000;

/** Parameters as many and as long as the schema lets through, ids and names as in the example. */
const largest = (schema: SchemaNode, example: Parameters): Parameters => {
  const found = new Map<string, string>();
  let bytes = 0;
  const add = (path: string, text: string): void => {
    if (found.size >= MAX_PARAMETERS || bytes + path.length + 3 * text.length > MAX_BODY_BYTES)
      return;
    bytes += path.length + 3 * text.length;
    found.set(path, text);
  };
  const fill = (node: SchemaNode, path: string): void => {
    if (found.size >= MAX_PARAMETERS) return;
    if (node.type === 'object')
      for (const [name, child] of Object.entries(node.properties ?? {}))
        fill(child, path === '' ? name : `${path}.${name}`);
    else if (node.type === 'array')
      for (let i = 1; i <= (node.maxItems ?? 100); i += 1) fill(node.items ?? {}, `${path}.${i}`);
    else if (path === 'DryRun') return;
    else if (example[path] !== undefined) add(path, example[path]);
    else if (node.enum !== undefined) add(path, node.enum[0] ?? '');
    else if (node.type === 'integer') add(path, String(Math.min(node.maximum ?? 100, 1e9)));
    else if (node.type === 'boolean') add(path, 'false');
    else
      add(
        path,
        (path.endsWith('Id') ? 'm-' : 'Wé').padEnd(Math.min(node.maxLength ?? 4_096, 20_000), 'a'),
      );
  };
  fill({ ...schema, type: 'object' }, '');
  return Object.fromEntries(found);
};

/** Rows enough that a page is full, each with as much as it may hold. */
const furnish = async (k: Harness) => {
  const tags = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [
      [`Tag.${i + 1}.Key`, `k${i}`.padEnd(128, 'k')],
      [`Tag.${i + 1}.Value`, 'v'.repeat(128)],
    ]).flat(),
  ) as Record<string, string>;
  for (let i = 0; i < 100; i += 1)
    await k.image({
      ImageName: `image-${i}`.padEnd(128, 'x'),
      Description: 'd'.repeat(256),
      ...(i < 50 && tags),
    });
};

/** What this thread has worked so far: other work of the machine is no stall of ours. */
const workedMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** How long nothing else could run while the request was answered. */
const stallMs = async (k: Harness, request: WireRequest): Promise<number> => {
  let longestMs = 0;
  let lastMs = workedMs();
  const look = (): void => {
    longestMs = Math.max(longestMs, workedMs() - lastMs);
    lastMs = workedMs();
  };
  let isOver = false;
  const tick = (): void => {
    look();
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  const { status } = await k.kindred.handle(request);
  look();
  isOver = true;
  assert.notEqual(status, 500);
  return longestMs;
};

/** The least of some: the machine may have been away for a moment. */
const leastStallMs = async (k: Harness, request: () => WireRequest): Promise<number> => {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6 && least > LIMIT_MS; i += 1)
    least = Math.min(least, await stallMs(k, request()));
  return least;
};

/** What is heavy in other ways than by its length: name, action, version, parameters. */
const madeByHand = (): [string, string, string, Parameters][] => {
  const page = { RegionId: REGION, PageSize: '100', Status: 'ALL' };
  const statements = Array.from({ length: 90 }, (_, i) => ({
    Effect: 'Allow',
    Action: `ecs:*a*b${i}`,
    Resource: `*${'a*'.repeat(10)}`,
  }));
  return [
    ['a full page', 'DescribeImages', '2014-05-26', page],
    ['a full page in XML', 'DescribeImages', '2014-05-26', { ...page, Format: 'XML' }],
    [
      'a component',
      'CreateImageComponent',
      '2014-05-26',
      { RegionId: REGION, Content: `Parameters:\n-:${'\t'.repeat(16_000)}:\u2028\nTasks:\n- x` },
    ],
    [
      'a policy',
      'CreatePolicy',
      '2015-05-01',
      {
        PolicyName: 'large',
        PolicyDocument: JSON.stringify({ Version: '1', Statement: statements }),
      },
    ],
    [
      'a thousand names',
      'DescribeImages',
      '2014-05-26',
      {
        ...page,
        ...Object.fromEntries(
          Array.from({ length: 980 }, (_, i) => [`Unknown.${i}`, 'x'.repeat(300)]),
        ),
      },
    ],
    [
      'a thousand tags',
      'DescribeImages',
      '2014-05-26',
      {
        ...page,
        ...Object.fromEntries(Array.from({ length: 980 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
      },
    ],
    ['nested JSON', 'DescribeImages', '2014-05-26', { ...page, Tag: '['.repeat(60_000) }],
    ['a long text', 'DescribeImages', '2014-05-26', { ...page, ImageName: 'é'.repeat(165_000) }],
    [
      'a long text of stars',
      'DescribeImages',
      '2014-05-26',
      { ...page, ImageName: '*'.repeat(340_000) },
    ],
  ];
};

test('the largest request of each operation keeps nothing else waiting for 50 ms', async (t) => {
  const k = await kindred(t);
  await furnish(k);
  const slow: string[] = [];
  let slowest = 0;
  let slowestName = '';
  const check = async (name: string, request: () => WireRequest): Promise<void> => {
    const ms = await leastStallMs(k, request);
    if (ms > slowest) [slowest, slowestName] = [ms, name];
    if (ms > LIMIT_MS) slow.push(`${name}: ${ms.toFixed(1)} ms`);
  };
  const by = () =>
    ({ key: k.rootKey, nowMs: k.clock.wallMs(), method: 'POST', place: 'body' }) as const;
  for (const { name, load } of operations) {
    const { action, version, input, example, access } = await load();
    if (access.anonymous !== undefined) continue;
    const parameters = largest(asNode(input), example.request as Parameters);
    await check(name, () => v1({ ...by(), action, version, parameters }));
  }
  for (const [name, action, version, parameters] of madeByHand()) {
    const { Format = 'JSON', ...rest } = parameters;
    await check(name, () => v1({ ...by(), action, version, parameters: rest, system: { Format } }));
    await check(`${name}, refused`, () =>
      v1({
        ...by(),
        key: { ...k.rootKey, accessKeySecret: 'x' },
        action,
        version,
        parameters: rest,
      }),
    );
  }
  t.diagnostic(`the longest stretch was ${slowest.toFixed(1)} ms, of ${slowestName}`);
  assert.deepEqual(slow, []);
});
