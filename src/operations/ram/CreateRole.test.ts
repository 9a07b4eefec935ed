import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_RAM_ROLES } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, insertMany, makeRole, trust } from '../../testing/ram.ts';
import { CreateRole } from './CreateRole.ts';

const TRUST = trust({ RAM: ['acs:ram::1234567890123456:root'] });

testOperation(
  CreateRole,
  {
    MissingParameter: (t) => t.call({ RoleName: 'reader' }),
    'InvalidParameter.RoleName.InvalidChars': (t) =>
      t.call({ RoleName: 'a/b', AssumeRolePolicyDocument: TRUST }),
    'InvalidParameter.RoleName.Length': (t) =>
      t.call({ RoleName: 'x'.repeat(65), AssumeRolePolicyDocument: TRUST }),
    'InvalidParameter.Description.Length': (t) =>
      t.call({ RoleName: 'r', AssumeRolePolicyDocument: TRUST, Description: 'x'.repeat(1025) }),
    'InvalidParameter.MaxSessionDuration': (t) =>
      t.call({ RoleName: 'r', AssumeRolePolicyDocument: TRUST, MaxSessionDuration: '43201' }),
    'InvalidParameter.Tag': (t) =>
      t.call({ RoleName: 'r', AssumeRolePolicyDocument: TRUST, 'Tag.1.Key': 'aliyun' }),
    MalformedPolicyDocument: (t) => t.call({ RoleName: 'r', AssumeRolePolicyDocument: allow('*') }),
    'EntityAlreadyExists.Role': async (t) => {
      await makeRole(t.k);
      return t.call({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST });
    },
    'LimitExceeded.Role': async (t) => {
      await insertMany(t.k, 'role', MAX_RAM_ROLES);
      return t.call({ RoleName: 'one-more', AssumeRolePolicyDocument: TRUST });
    },
  },
  { isShared: true },
);

test('a role has an id, an ARN and an hour, and its trust policy comes back as it was', async (t) => {
  const k = await kindred(t);
  const { Role } = await k.call('CreateRole', {
    RoleName: 'reader',
    AssumeRolePolicyDocument: TRUST,
    Description: 'Reads',
    'Tag.1.Key': 'team',
    'Tag.1.Value': 'images',
  });
  assert.match(Role.RoleId, /^3\d{17}$/);
  assert.equal(Role.Arn, `acs:ram::${k.accountId}:role/reader`);
  assert.equal(Role.MaxSessionDuration, 3600);
  assert.equal(Role.AssumeRolePolicyDocument, TRUST);
  assert.deepEqual((await k.call('GetRole', { RoleName: 'reader' })).Role, Role);
  const { Roles } = await k.call('ListRoles');
  assert.deepEqual(Roles.Role[0].Tags.Tag, [{ TagKey: 'team', TagValue: 'images' }]);
});
