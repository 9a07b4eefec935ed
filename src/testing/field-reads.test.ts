import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boolean, choice, integer, list, object, optional, string } from '../lib/schema.ts';
import { defineOperation } from '../operation.ts';
import { watchReads } from './field-reads.ts';

const input = object({
  RegionId: string(),
  DryRun: optional(boolean()),
  Tag: optional(list(object({ Key: string(), Value: optional(string()) }))),
  Name: list(string()),
  Old: optional(object({ Size: string() }, { withoutEffect: 'because' })),
  Nic: optional(list(object({}), { maxItems: 0 })),
  Count: optional(integer({ maximum: 0 })),
  Mode: optional(choice(['usual'])),
  Filter: optional(object({ Key: string() }, { description: 'Any value is refused.' })),
});

const operation = () =>
  defineOperation({
    product: 'ecs',
    version: '1',
    action: 'Test',
    kind: 'read',
    docs: { summary: '' },
    input,
    output: object({}),
    errors: {},
    cannotOccur: {},
    access: { action: '', resource: () => '' },
    example: { request: {}, response: {} },
    handler: async (_ctx, { Tag = [], Name, ...rest }) => ({
      keys: Tag.map(({ Key }) => Key),
      names: Name.join(),
      second: Tag.indexOf(Tag[1]!),
      hasFilter: rest.Filter !== undefined,
    }),
  });

test('fields that no call read are told; those without effect or without a choice need not be', async () => {
  const watched = operation();
  const unread = watchReads(watched);
  assert.deepEqual(unread(), ['DryRun', 'Tag.Key', 'Tag.Value', 'Name', 'Filter']);
  const given = { RegionId: 'r', Tag: [{ Key: 'a' }, { Key: 'b' }], Name: ['x', 'y'] };
  const answer = await watched.handler({} as never, given);
  assert.deepEqual(answer, { keys: ['a', 'b'], names: 'x,y', second: 1, hasFilter: false });
  // `...rest` copies, and so reads, what was sent, and no Filter was.
  assert.deepEqual(unread(), ['DryRun', 'Tag.Value', 'Filter']);
});

test('what the pipeline reads counts where it is declared', () => {
  const unread = watchReads({ ...operation(), dryRun: true });
  assert.ok(!unread().includes('DryRun'));
});
