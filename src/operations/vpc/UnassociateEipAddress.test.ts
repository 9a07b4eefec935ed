import { testServedAs } from '../../testing/operation-tests.ts';
import { UnassociateEipAddress as OfEcs } from '../ecs/UnassociateEipAddress.ts';
import { UnassociateEipAddress } from './UnassociateEipAddress.ts';

testServedAs(UnassociateEipAddress, OfEcs);
