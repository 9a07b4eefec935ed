import { testOperation } from '../../testing/operation-tests.ts';
import { GetRole } from './GetRole.ts';

testOperation(
  GetRole,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.Role': (t) => t.call({ RoleName: 'nobody' }),
  },
  { isShared: true },
);
