import { testServedAs } from '../../testing/operation-tests.ts';
import { ReleaseEipAddress as OfEcs } from '../ecs/ReleaseEipAddress.ts';
import { ReleaseEipAddress } from './ReleaseEipAddress.ts';

testServedAs(ReleaseEipAddress, OfEcs);
