import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeBackup } from './DescribeBackup.ts';

testOperation(DescribeBackup, {
  NoPermission: async (t) => t.call({ BackupId: 'any' }, { as: await t.k.newAccount() }),
  MissingParameter: (t) => t.call({}),
  'InvalidBackupId.NotFound': (t) => t.call({ BackupId: '20261124T171636Z' }),
});
