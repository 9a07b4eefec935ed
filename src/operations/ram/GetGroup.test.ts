import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup } from '../../testing/ram.ts';
import { GetGroup } from './GetGroup.ts';

testOperation(
  GetGroup,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.Group': async (t) => {
      await makeGroup(t.k, 'theirs', { as: await t.k.newAccount() });
      return t.call({ GroupName: 'theirs' });
    },
  },
  { isShared: true },
);
