import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_GROUPS_PER_USER } from '../../domain/ram.ts';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, makeGroup, makePolicy, makeUser, makeUserKey } from '../../testing/ram.ts';
import { AddUserToGroup } from './AddUserToGroup.ts';

testOperation(
  AddUserToGroup,
  {
    MissingParameter: (t) => t.call({ UserName: 'ann' }),
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody', GroupName: 'g' }),
    'EntityNotExist.Group': async (t) => {
      await makeUser(t.k);
      return t.call({ UserName: 'ann', GroupName: 'nobody' });
    },
    'EntityAlreadyExists.User.Group': async (t) => {
      await makeUser(t.k, 'ben');
      await makeGroup(t.k, 'one');
      await t.k.call('AddUserToGroup', { UserName: 'ben', GroupName: 'one' });
      return t.call({ UserName: 'ben', GroupName: 'one' });
    },
    'LimitExceeded.User.Group': async (t) => {
      await makeUser(t.k, 'cas');
      for (let i = 0; i <= MAX_GROUPS_PER_USER; i += 1) {
        await makeGroup(t.k, `g-${i}`);
        if (i < MAX_GROUPS_PER_USER)
          await t.k.call('AddUserToGroup', { UserName: 'cas', GroupName: `g-${i}` });
      }
      return t.call({ UserName: 'cas', GroupName: `g-${MAX_GROUPS_PER_USER}` });
    },
  },
  { isShared: true },
);

test('what a group may holds for its users from the next call on, and not for others', async (t) => {
  const k = await kindred(t);
  for (const name of ['ann', 'ben']) await makeUser(k, name);
  const [ann, ben] = [await makeUserKey(k, 'ann'), await makeUserKey(k, 'ben')];
  const may = (as: typeof ann) =>
    k.call('DescribeImages', { RegionId: REGION }, { as }).then(
      () => true,
      ({ code }: { code: string }) => {
        assert.equal(code, 'Forbidden.RAM');
        return false;
      },
    );
  await makeGroup(k, 'readers');
  await makePolicy(k, 'look', allow('ecs:DescribeImages'));
  const policy = { GroupName: 'readers', PolicyName: 'look', PolicyType: 'Custom' };
  await k.call('AttachPolicyToGroup', policy);
  assert.deepEqual([await may(ann), await may(ben)], [false, false]);
  const member = { GroupName: 'readers', UserName: 'ann' };
  await k.call('AddUserToGroup', member);
  assert.deepEqual([await may(ann), await may(ben)], [true, false]);
  await k.call('UpdateUser', { UserName: 'ann', NewUserName: 'anna' });
  assert.equal(await may(ann), true);
  await k.call('DetachPolicyFromGroup', policy);
  assert.equal(await may(ann), false);
  await k.call('AttachPolicyToGroup', policy);
  assert.equal(await may(ann), true);
  await k.call('RemoveUserFromGroup', { ...member, UserName: 'anna' });
  assert.equal(await may(ann), false);
});

test('a Deny of one group wins over what the user and another group allow', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const as = await makeUserKey(k);
  await makePolicy(k, 'all', allow('ecs:*'));
  await makePolicy(k, 'none', allow('ecs:*').replace('"Allow"', '"Deny"'));
  for (const [GroupName, PolicyName] of [
    ['wide', 'all'],
    ['barred', 'none'],
  ] as const) {
    await makeGroup(k, GroupName);
    await k.call('AttachPolicyToGroup', { GroupName, PolicyName, PolicyType: 'Custom' });
    await k.call('AddUserToGroup', { GroupName, UserName: 'ann' });
  }
  const { code } = await k.refused('DescribeImages', { RegionId: REGION }, { as });
  assert.equal(code, 'Forbidden.RAM');
});
