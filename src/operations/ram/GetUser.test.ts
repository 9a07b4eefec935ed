import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser } from '../../testing/ram.ts';
import { GetUser } from './GetUser.ts';

testOperation(
  GetUser,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.User': async (t) => {
      await makeUser(t.k, 'ann', { as: await t.k.newAccount() });
      return t.call({ UserName: 'ann' });
    },
  },
  { isShared: true },
);
