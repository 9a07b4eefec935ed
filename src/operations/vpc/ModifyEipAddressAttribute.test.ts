import { testServedAs } from '../../testing/operation-tests.ts';
import { ModifyEipAddressAttribute as OfEcs } from '../ecs/ModifyEipAddressAttribute.ts';
import { ModifyEipAddressAttribute } from './ModifyEipAddressAttribute.ts';

testServedAs(ModifyEipAddressAttribute, OfEcs);
