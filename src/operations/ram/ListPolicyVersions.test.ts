import { testOperation } from '../../testing/operation-tests.ts';
import { ListPolicyVersions } from './ListPolicyVersions.ts';

testOperation(
  ListPolicyVersions,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    'InvalidParameter.PolicyType': (t) => t.call({ PolicyName: 'p', PolicyType: 'Own' }),
    'EntityNotExist.Policy': (t) => t.call({ PolicyName: 'nothing', PolicyType: 'Custom' }),
  },
  { isShared: true },
);
