import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser } from '../../testing/ram.ts';
import { DeleteLoginProfile } from './DeleteLoginProfile.ts';

testOperation(DeleteLoginProfile, {
  MissingParameter: (t) => t.call({}),
  'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
  'EntityNotExist.User.LoginProfile': async (t) => {
    await makeUser(t.k);
    return t.call({ UserName: 'ann' });
  },
});
