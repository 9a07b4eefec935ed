import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_RAM_GROUPS } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { insertMany, makeGroup } from '../../testing/ram.ts';
import { CreateGroup } from './CreateGroup.ts';

testOperation(
  CreateGroup,
  {
    MissingParameter: (t) => t.call({}),
    'InvalidParameter.GroupName.InvalidChars': (t) => t.call({ GroupName: 'a b' }),
    'InvalidParameter.GroupName.Length': (t) => t.call({ GroupName: 'x'.repeat(65) }),
    'InvalidParameter.Comments.Length': (t) =>
      t.call({ GroupName: 'g', Comments: 'x'.repeat(129) }),
    'EntityAlreadyExists.Group': async (t) => {
      await makeGroup(t.k, 'taken');
      return t.call({ GroupName: 'taken' });
    },
    'LimitExceeded.Group': async (t) => {
      await insertMany(t.k, 'group', MAX_RAM_GROUPS);
      return t.call({ GroupName: 'one-more' });
    },
  },
  { isShared: true },
);

test('a group is there at once, for its account alone', async (t) => {
  const k = await kindred(t);
  const all = { GroupName: 'build.er_s-1', Comments: 'build servers' };
  const { Group } = await k.call('CreateGroup', all);
  assert.match(Group.GroupId, /^g-[A-Za-z0-9]{16}$/);
  assert.deepEqual(Group, {
    ...all,
    GroupId: Group.GroupId,
    CreateDate: Group.CreateDate,
    UpdateDate: Group.CreateDate,
  });
  assert.deepEqual((await k.call('GetGroup', { GroupName: all.GroupName })).Group, Group);
  const stranger = await k.newAccount();
  const absent = await k.refused('GetGroup', { GroupName: all.GroupName }, { as: stranger });
  assert.equal(absent.code, 'EntityNotExist.Group');
  assert.notEqual((await makeGroup(k, all.GroupName, { as: stranger })).GroupId, Group.GroupId);
});
