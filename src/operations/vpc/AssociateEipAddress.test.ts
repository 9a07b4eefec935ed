import { testServedAs } from '../../testing/operation-tests.ts';
import { AssociateEipAddress as OfEcs } from '../ecs/AssociateEipAddress.ts';
import { AssociateEipAddress } from './AssociateEipAddress.ts';

testServedAs(AssociateEipAddress, OfEcs);
