import { testServedAs } from '../../testing/operation-tests.ts';
import { ModifyVpcAttribute as OfEcs } from '../ecs/ModifyVpcAttribute.ts';
import { ModifyVpcAttribute } from './ModifyVpcAttribute.ts';

testServedAs(ModifyVpcAttribute, OfEcs);
