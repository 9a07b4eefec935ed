import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeBackups } from './DescribeBackups.ts';

testOperation(DescribeBackups, {
  NoPermission: async (t) =>
    t.call({ Directory: '/nowhere/backups' }, { as: await t.k.newAccount() }),
  MissingParameter: (t) => t.call({}),
  InvalidDirectory: (t) => t.call({ Directory: 'backups' }),
});
