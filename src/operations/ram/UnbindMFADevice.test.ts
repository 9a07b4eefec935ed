import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser } from '../../testing/ram.ts';
import { UnbindMFADevice } from './UnbindMFADevice.ts';

testOperation(UnbindMFADevice, {
  MissingParameter: (t) => t.call({}),
  'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
  'EntityNotExist.User.MFADevice': async (t) => {
    await makeUser(t.k);
    return t.call({ UserName: 'ann' });
  },
});
