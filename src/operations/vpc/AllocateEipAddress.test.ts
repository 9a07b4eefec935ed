import { testServedAs } from '../../testing/operation-tests.ts';
import { AllocateEipAddress as OfEcs } from '../ecs/AllocateEipAddress.ts';
import { AllocateEipAddress } from './AllocateEipAddress.ts';

testServedAs(AllocateEipAddress, OfEcs);
