import { testServedAs } from '../../testing/operation-tests.ts';
import { ModifyVSwitchAttribute as OfEcs } from '../ecs/ModifyVSwitchAttribute.ts';
import { ModifyVSwitchAttribute } from './ModifyVSwitchAttribute.ts';

testServedAs(ModifyVSwitchAttribute, OfEcs);
